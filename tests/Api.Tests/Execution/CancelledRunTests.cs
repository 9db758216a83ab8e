using System.Net.WebSockets;
using NSubstitute;
using Platform.Api.Execution;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs that are taken back, signalled, or that nobody waits for any more.</summary>
public sealed class CancelledRunTests
{
    private static readonly RunResult Ok = new() { Verdict = RunVerdict.Ok, ExitCode = 0 };

    [Fact]
    public async Task A_caller_that_goes_away_takes_the_worker_off_the_run()
    {
        await using var host = await RunHost.StartAsync();
        using var caller = new CancellationTokenSource();
        var running = host.ExecuteAsync(cancellationToken: caller.Token);
        var job = await host.NextJobAsync();
        using var worker = await RunHost.ConnectAsync(job);
        await worker.ReceiveAsync();
        await worker.ReceiveAsync();

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Should.ThrowAsync<WebSocketException>(() => worker.ReceiveAsync());
        await host.Queue.Received(1).CancelAsync(job.ExecutionId, Arg.Any<CancellationToken>());
        await RunHost.ShouldBeNotFoundAsync(job, job.Token);
    }

    [Fact]
    public async Task A_run_that_nobody_has_taken_is_taken_back_at_once()
    {
        await using var host = await RunHost.StartAsync();
        PendingRun? run = null;
        var running = host.ExecuteAsync(placed: placed => run = placed);
        var job = await host.NextJobAsync();

        await Task.WhenAll(run!.CancelAsync(CancellationToken.None), run.CancelAsync(CancellationToken.None));

        (await running)!.Response!.Status.ShouldBe(RunVerdict.Cancelled);
        await host.Queue.Received(1).CancelAsync(job.ExecutionId, Arg.Any<CancellationToken>());
        await RunHost.ShouldBeNotFoundAsync(job, job.Token);
    }

    [Fact]
    public async Task A_worker_ends_a_run_that_is_taken_back_and_what_it_sent_is_kept()
    {
        await using var host = await RunHost.StartAsync(options => options.CancelTimeout = TimeSpan.FromMinutes(1));
        PendingRun? run = null;
        var running = host.ExecuteAsync(placed: placed => run = placed);
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.ReceiveRequestAsync();
        await worker.ReceiveAsync();
        await worker.SendAsync(RunMessageKind.Stdout, "half"u8.ToArray());

        await run!.CancelAsync(CancellationToken.None);
        (await worker.ReceiveAsync()).Kind.ShouldBe(RunMessageKind.Cancel);
        await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });

        var response = (await running)!.Response!;
        (response.Status, response.Stdout).ShouldBe((RunVerdict.Cancelled, "half"));
    }

    [Fact]
    public async Task A_worker_that_does_not_heed_it_is_cut_off()
    {
        await using var host = await RunHost.StartAsync();
        PendingRun? run = null;
        var running = host.ExecuteAsync(placed: placed => run = placed);
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.ReceiveRequestAsync();

        await run!.CancelAsync(CancellationToken.None);

        (await running.WaitAsync(Eventually.DefaultTimeout))!.Response!.Status.ShouldBe(RunVerdict.Cancelled);
        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (true) await worker.ReceiveAsync();
        });
    }

    [Fact]
    public async Task What_is_signalled_before_a_worker_has_come_follows_the_request()
    {
        await using var host = await RunHost.StartAsync();
        PendingRun? run = null;
        var running = host.ExecuteAsync(placed: placed => run = placed);
        var job = await host.NextJobAsync();
        await run!.SendAsync(RunMessageKind.Signal, [2], CancellationToken.None);
        using var worker = await RunHost.ConnectAsync(job);

        await worker.ReceiveRequestAsync();
        var early = await worker.ReceiveAsync();
        early.Kind.ShouldBe(RunMessageKind.Signal);
        early.Payload.ToArray().ShouldBe([2]);
        await worker.FinishAsync(Ok);
        await running;
    }
}
