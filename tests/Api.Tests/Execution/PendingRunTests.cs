using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using NSubstitute;
using Platform.Api.Execution;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

public sealed class PendingRunTests
{
    private static readonly RunResult Ok = new() { Verdict = RunVerdict.Ok, ExitCode = 0 };

    [Fact]
    public async Task A_worker_gets_the_request_and_the_caller_gets_what_it_sends()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync(new ExecuteRequest("py", "print(1)", Args: ["a"]));
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());

        var message = await worker.ReceiveAsync();
        message.Kind.ShouldBe(RunMessageKind.Request);
        var request = JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunRequest)!;
        request.Language.ShouldBe("python");
        request.Files.ShouldHaveSingleItem().Content.ShouldBe("print(1)"u8.ToArray());
        request.Arguments.ShouldBe(["a"]);
        (await worker.ReceiveAsync()).Kind.ShouldBe(RunMessageKind.StdinEnd);

        await worker.SendAsync(RunMessageKind.Stdout, "one "u8.ToArray());
        await worker.SendAsync(RunMessageKind.Stderr, "oh"u8.ToArray());
        await worker.SendAsync(RunMessageKind.Stdout, "two"u8.ToArray());
        await worker.FinishAsync(Ok with { MemoryBytes = 2048 });

        var response = (await running)!.Response!;
        (response.Stdout, response.Stderr, response.Status, response.MemoryKb).ShouldBe(("one two", "oh", RunVerdict.Ok, 2L));
        (await worker.Channel.ReceiveAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Input_beyond_the_window_waits_until_it_is_granted()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync(new ExecuteRequest("python", "x", new string('a', 100_000)));
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.ReceiveAsync();

        var received = 0;
        while (received < RunChannel.InitialWindow) received += await ReceiveInputAsync(worker);
        received.ShouldBe(RunChannel.InitialWindow);

        var next = worker.ReceiveAsync();
        var grant = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(grant, 10);
        await worker.SendAsync(RunMessageKind.Window, grant);
        (await next).Payload.Length.ShouldBe(10);

        await worker.FinishAsync(Ok);
        (await running)!.Response!.Status.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task Only_the_runs_own_token_opens_its_socket_and_only_until_its_end()
    {
        await using var host = await RunHost.StartAsync();
        var first = host.ExecuteAsync();
        var job = await host.NextJobAsync();
        var second = host.ExecuteAsync();
        var other = await host.NextJobAsync();

        await ShouldBeNotFoundAsync(job, other.Token);
        await ShouldBeNotFoundAsync(job, "");
        await ShouldBeNotFoundAsync(job with { Callback = new Uri(job.Callback, Guid.NewGuid().ToString()) }, job.Token);
        using (var http = new HttpClient())
        {
            var plain = new UriBuilder(job.Callback) { Scheme = "http" }.Uri;
            (await http.GetAsync(plain)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        foreach (var given in new[] { job, other })
        {
            using var worker = await RunHost.ConnectAsync(given);
            await worker.EndAsync(Ok);
        }

        await Task.WhenAll(first, second);
        await ShouldBeNotFoundAsync(job, job.Token);
    }

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
    public async Task A_worker_that_cannot_run_the_language_says_why()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());

        await worker.SendAsync(RunMessageKind.Unavailable, """{"code":"IMAGE_MISSING","message":"No image."}"""u8.ToArray());

        (await running).ShouldBe(new ExecuteOutcome(null, new RunRefusal(RunRefusal.ImageMissing, "No image.")));
    }

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
        await ShouldBeNotFoundAsync(job, job.Token);
    }

    [Fact]
    public async Task Only_so_many_runs_wait_at_a_time()
    {
        await using var host = await RunHost.StartAsync(options => options.MaxPending = 1);
        var first = host.ExecuteAsync();
        var job = await host.NextJobAsync();

        (await host.ExecuteAsync()).ShouldBeNull();

        using (var worker = await RunHost.ConnectAsync(job)) await worker.EndAsync(Ok);
        await first;
        var second = host.ExecuteAsync();
        using (var worker = await RunHost.ConnectAsync(await host.NextJobAsync())) await worker.EndAsync(Ok);
        (await second).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_worker_that_breaks_the_protocol_is_dropped()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        var job = await host.NextJobAsync();
        using (var broken = await RunHost.ConnectAsync(job)) await broken.SendAsync(RunMessageKind.Request, []);

        using var worker = await RunHost.ConnectAsync(job);
        await worker.FinishAsync(Ok);

        (await running)!.Response!.Status.ShouldBe(RunVerdict.Ok);
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
        await ShouldBeNotFoundAsync(job, job.Token);
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
        await ShouldBeNotFoundAsync(job, job.Token);
    }

    [Fact]
    public async Task What_the_compiler_says_is_kept_apart()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.StageAsync(RunStage.Compile);
        await worker.SendAsync(RunMessageKind.Stderr, "warning"u8.ToArray());
        await worker.StageAsync(RunStage.Run);
        await worker.SendAsync(RunMessageKind.Stdout, "out"u8.ToArray());
        await worker.FinishAsync(Ok with { Compile = new StageResult(0, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 4096) });

        var response = (await running)!.Response!;

        (response.Stdout, response.Stderr).ShouldBe(("out", ""));
        response.Compile.ShouldBe(new CompileResponse("warning", "utf8", false, 0, null, 1000, 1000, 4));
    }

    [Fact]
    public async Task What_a_compiler_that_refuses_says_is_the_answer()
    {
        await using var host = await RunHost.StartAsync();
        var running = host.ExecuteAsync();
        using var worker = await RunHost.ConnectAsync(await host.NextJobAsync());
        await worker.StageAsync(RunStage.Compile);
        await worker.SendAsync(RunMessageKind.Stdout, "main.c:1: "u8.ToArray());
        await worker.SendAsync(RunMessageKind.Stderr, "error"u8.ToArray());
        await worker.FinishAsync(new RunResult { Verdict = RunVerdict.CompileError, ExitCode = 1 });

        var response = (await running)!.Response!;

        (response.Stdout, response.Stderr, response.Status).ShouldBe(("", "main.c:1: error", RunVerdict.CompileError));
    }

    private static async Task<int> ReceiveInputAsync(FakeWorker worker)
    {
        var message = await worker.ReceiveAsync();
        message.Kind.ShouldBe(RunMessageKind.Stdin);
        return message.Payload.Length;
    }

    private static async Task ShouldBeNotFoundAsync(Core.Jobs.RunCodeJob job, string token) =>
        (await Should.ThrowAsync<WebSocketException>(() => RunHost.ConnectAsync(job, token))).Message.ShouldContain("404");

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
