using NSubstitute;
using Platform.Api.Execution;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs whose worker dies or never comes.</summary>
public sealed class LostWorkerTests
{
    private static readonly RunResult Ok = new() { Verdict = RunVerdict.Ok, ExitCode = 0 };

    [Fact]
    public async Task When_the_worker_dies_the_next_one_starts_over()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        var job = await host.NextJobAsync();
        using (var dying = await RunHost.ConnectAsync(job))
        {
            await dying.ReceiveAsync();
            await dying.SendAsync(RunMessageKind.Stdout, "half"u8.ToArray());
            dying.Die();
        }

        using var worker = await RunHost.ConnectAsync(job);
        (await worker.ReceiveAsync()).Kind.ShouldBe(RunMessageKind.Request);
        await worker.SendAsync(RunMessageKind.Stdout, "whole"u8.ToArray());
        await worker.FinishAsync(Ok);

        (await running)!.Response!.Stdout.ShouldBe("whole");
    }

    [Fact]
    public async Task A_run_whose_worker_died_is_placed_again_under_its_own_id_for_a_queue_that_forgot_it()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        using (var dying = await RunHost.ConnectAsync(await host.NextJobAsync()))
        {
            await dying.ReceiveAsync();
            dying.Die();
        }

        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.FinishAsync(Ok);

        (await running)!.Response!.Status.ShouldBe(RunVerdict.Ok);
        host.Queue.ReceivedCalls().Where(call => call.GetMethodInfo().Name == nameof(host.Queue.EnqueueAsync))
            .Select(call => ((Core.Jobs.EnqueueOptions)call.GetArguments()[1]!).JobId).ToList().ShouldSatisfyAllConditions(
                ids => ids.Count.ShouldBe(2),
                ids => ids[1].ShouldBe(ids[0]));
    }

    [Fact]
    public async Task When_no_other_worker_comes_it_is_an_internal_error_not_silence()
    {
        await using var host = await RunHost.StartAsync(options => options.ReconnectTimeout = TimeSpan.FromSeconds(1));
        var running = host.ExecuteAsync();
        using (var dying = await RunHost.ConnectAsync(await host.NextJobAsync()))
        {
            await dying.ReceiveAsync();
            dying.Die();
        }

        (await running.WaitAsync(Eventually.DefaultTimeout))!.Response!.Status.ShouldBe(RunVerdict.InternalError);
    }

    [Fact]
    public async Task Without_any_worker_the_run_is_given_up_and_its_job_withdrawn()
    {
        await using var host = await RunHost.StartAsync(options => options.StartTimeout = TimeSpan.FromSeconds(1));

        var outcome = (await host.ExecuteAsync().WaitAsync(Eventually.DefaultTimeout))!;

        outcome.Response.ShouldBeNull();
        outcome.Refusal!.Message.ShouldNotBeNullOrEmpty();
        await host.Queue.Received(1).CancelAsync((await host.NextJobAsync()).ExecutionId, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_run_that_somebody_watches_does_not_start_over()
    {
        await using var host = await RunHost.StartAsync();
        var language = LanguageCatalog.Load("languages.yaml").Find("python")!;
        var order = new RunOrder
        {
            Request = new RunRequest { Language = language.Id, Files = [new RunFile(language.File, [])] },
            Language = language,
            Interactive = true,
            Listen = () => new RunTranscript(1000),
        };
        var running = host.DispatchAsync(order);
        var job = await host.NextJobAsync();
        using (var dying = await RunHost.ConnectAsync(job))
        {
            await dying.ReceiveRequestAsync();
            dying.Die();
        }

        var outcome = await running.WaitAsync(Eventually.DefaultTimeout);
        outcome!.Result!.Verdict.ShouldBe(RunVerdict.InternalError);
        await RunHost.ShouldBeNotFoundAsync(job, job.Token);
    }
}
