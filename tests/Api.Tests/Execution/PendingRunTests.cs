using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

/// <summary>A run on its way to a worker and back.</summary>
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

        await RunHost.ShouldBeNotFoundAsync(job, other.Token);
        await RunHost.ShouldBeNotFoundAsync(job, "");
        await RunHost.ShouldBeNotFoundAsync(job with { Callback = new Uri(job.Callback, Guid.NewGuid().ToString()) }, job.Token);
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
        await RunHost.ShouldBeNotFoundAsync(job, job.Token);
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
}
