using System.Diagnostics;
using Platform.Core.Execution;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>Runs that do not come to their end by themselves.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class RunInterruptionTests(WorkerHarness worker) : IAsyncLifetime
{
    private const string Sleeper = "print('begun', flush=True)\nimport signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(14)";

    // Before the program ends by itself, and long after a machine that stood still goes on.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    [Theory]
    [InlineData("python", Sleeper)]
    [InlineData("python", "import time\nwhile True:\n  print('x' * 10, flush=True)\n  time.sleep(0.001)")]
    [InlineData(WorkerHarness.Compiled, "# compile for ever")]
    public async Task A_run_that_is_taken_back_ends_as_cancelled(string language, string code)
    {
        var run = await worker.RunAsync(WorkerHarness.Python(code) with { Language = language }, async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout.Length + conversation.CompilerOutput.Length > 0);
            await conversation.CancelAsync();
        });

        run.Result!.Verdict.ShouldBe(RunVerdict.Cancelled);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_cancelled_run_tells_what_it_used_and_the_inputs_that_follow_do_not_run()
    {
        var run = await worker.RunAsync(WorkerHarness.Python("import time\nprint('begun', flush=True)\ntime.sleep(10)") with { Inputs = [[], [], []] }, async conversation =>
        {
            // The end of the line comes by itself.
            await Eventually.TrueAsync(() => conversation.Stdout.EndsWith('\n'));
            await conversation.CancelAsync();
        });

        run.Result!.Verdict.ShouldBe(RunVerdict.Cancelled);
        run.InputResults.ShouldBeEmpty();
        run.Stdout.ShouldBe("begun\n");
    }

    [Fact]
    public async Task A_run_that_nobody_waits_for_any_more_is_killed()
    {
        await using var run = await worker.BeginAsync(WorkerHarness.Python(Sleeper));
        var reading = run.Conversation.ReadAsync();
        await Eventually.TrueAsync(() => run.Conversation.Stdout.Length > 0);
        worker.Registry.Count.ShouldBe(1);

        var began = Stopwatch.StartNew();
        run.Socket.Abort();
        await run.Handling;

        began.Elapsed.ShouldBeLessThan(Soon);
        await Task.WhenAny(reading);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_signal_reaches_the_program()
    {
        var run = await worker.RunAsync(
            WorkerHarness.Python("import signal\nsignal.signal(signal.SIGUSR1, lambda *_: exit(9))\nprint('ready', flush=True)\nsignal.pause()"),
            async conversation =>
            {
                await Eventually.TrueAsync(() => conversation.Stdout == "ready\n");
                await conversation.SignalAsync(10);
            });

        run.Result!.ExitCode.ShouldBe(9);
    }

    [Fact]
    public async Task What_breaks_the_contract_ends_the_run()
    {
        await using var run = await worker.BeginAsync(WorkerHarness.Python(Sleeper));
        var reading = run.Conversation.ReadAsync();
        await Eventually.TrueAsync(() => run.Conversation.Stdout.Length > 0);

        await run.Conversation.SendAsync(RunMessageKind.Signal, [0]);

        await run.Handling;
        await Task.WhenAny(reading);
        run.Conversation.Result.ShouldBeNull();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_worker_that_stops_lets_a_short_run_end()
    {
        using var stop = new CancellationTokenSource();
        var context = new JobContext(Guid.NewGuid(), 1, 3);
        await using var run = await worker.BeginAsync(WorkerHarness.Python("print('begun', flush=True)\nimport time; time.sleep(0.3)\nprint('done')"), context, stop.Token);
        var reading = run.Conversation.ReadAsync();
        await Eventually.TrueAsync(() => run.Conversation.Stdout.Length > 0);

        context.Stop(JobStopReason.ShuttingDown);
        await stop.CancelAsync();
        await run.Handling;

        await reading;
        run.Conversation.Stdout.ShouldBe("begun\ndone\n");
        run.Conversation.Result!.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Theory]
    [InlineData(JobStopReason.ShuttingDown)]
    [InlineData(JobStopReason.LeaseLost)]
    public async Task A_run_that_must_not_go_on_goes_back_to_the_queue(JobStopReason reason)
    {
        // Far less than the program would need to come to its end.
        worker.Settings.DrainTimeout = TimeSpan.FromSeconds(1);
        using var stop = new CancellationTokenSource();
        var context = new JobContext(Guid.NewGuid(), 1, 3);
        await using var run = await worker.BeginAsync(WorkerHarness.Python(Sleeper), context, stop.Token);
        var reading = run.Conversation.ReadAsync();
        await Eventually.TrueAsync(() => run.Conversation.Stdout.Length > 0);

        context.Stop(reason);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run.Handling);
        await Task.WhenAny(reading);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_sandbox_that_dies_in_the_middle_is_an_internal_error()
    {
        var run = await worker.RunAsync(WorkerHarness.Python(Sleeper), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout.EndsWith('\n'));
            var mine = await worker.MineAsync();
            await worker.Engine.KillAsync(mine.ShouldHaveSingleItem().Id, "KILL", CancellationToken.None);
        });

        run.Result!.Verdict.ShouldBe(RunVerdict.InternalError);
        run.Stdout.ShouldBe("begun\n");
        await NothingIsLeftAsync();
    }

    // Sandboxes of other tests are removed a moment after their runs.
    public Task InitializeAsync() => NothingIsLeftAsync();

    public Task DisposeAsync()
    {
        worker.Settings.DrainTimeout = WorkerHarness.DrainTimeout;
        return Task.CompletedTask;
    }

    private Task NothingIsLeftAsync() => worker.NothingIsLeftAsync();
}
