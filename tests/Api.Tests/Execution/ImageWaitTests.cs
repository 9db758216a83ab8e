using NSubstitute;
using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs that wait for an image.</summary>
public sealed class ImageWaitTests
{
    private static readonly RunResult Ok = new() { Verdict = RunVerdict.Ok, ExitCode = 0 };

    [Fact]
    public async Task Runs_that_wait_for_their_image_hold_up_nobody()
    {
        await using var host = await RunHost.StartAsync(options => (options.MaxInFlight, options.MaxInFlightPerOwner) = (2, 2));
        var waiting = new List<(Task<ExecuteOutcome?> Running, FakeWorker Worker)>();
        for (var number = 0; number < 4; number++)
        {
            var running = host.ExecuteAsync();
            var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
            await worker.SendAsync(RunMessageKind.Progress, "building"u8.ToArray());
            waiting.Add((running, worker));
        }

        var ready = host.ExecuteAsync(owner: "another");
        using (var worker = await RunHost.ConnectAsync(await host.NextJobAsync())) await worker.EndAsync(Ok);
        (await ready)!.Response!.Status.ShouldBe(RunVerdict.Ok);

        foreach (var (running, worker) in waiting)
        {
            await worker.EndAsync(Ok);
            (await running)!.Response!.Status.ShouldBe(RunVerdict.Ok);
            worker.Dispose();
        }
    }

    [Fact]
    public async Task When_the_worker_goes_that_waited_for_the_image_the_run_goes_back_to_the_queue()
    {
        await using var host = await RunHost.StartAsync();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = new Watcher(told);
        var language = LanguageCatalog.Load("languages.yaml").Find("python")!;
        var request = new RunRequest { Language = language.Id, Files = [new RunFile(language.File, [])] };
        var running = host.DispatchAsync(new RunOrder { Request = request, Language = language, Listen = () => new RunTranscript(1000, watcher: watcher) });
        var first = await host.NextJobAsync();
        using (var leaving = await RunHost.ConnectAsync(first))
        {
            await leaving.ReceiveAsync();
            await leaving.SendAsync(RunMessageKind.Progress, "building"u8.ToArray());
            await told.Task;
            leaving.Die();
        }

        var second = await host.NextJobAsync();
        second.ShouldBe(first);
        using var worker = await RunHost.ConnectAsync(second);
        (await worker.ReceiveAsync()).Kind.ShouldBe(RunMessageKind.Request);
        await worker.FinishAsync(Ok);

        (await running)!.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        // Another job, for the queue knows the first one as done.
        host.Queue.ReceivedCalls().Where(call => call.GetMethodInfo().Name == nameof(host.Queue.EnqueueAsync))
            .Select(call => ((Core.Jobs.EnqueueOptions)call.GetArguments()[1]!).JobId).Distinct().Count().ShouldBe(2);
    }

    private sealed class Watcher(TaskCompletionSource told) : IRunWatcher
    {
        public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken)
        {
            told.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
