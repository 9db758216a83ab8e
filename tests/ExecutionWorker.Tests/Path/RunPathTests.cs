using System.Net;
using System.Text.Json;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>The whole path of a run through real processes.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class RunPathTests(PostgresFixture postgres, RedisFixture redis)
    : RunPath(postgres, redis), IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task A_run_over_HTTP_is_answered_with_its_outcome()
    {
        await StartWorkerAsync();

        var python = await RunAsync("python", "import sys\nprint(sys.argv[1], input())\nprint('oh', file=sys.stderr)\nsys.exit(4)", "in\n", "arg");
        var node = await RunAsync("javascript", "process.stdin.pipe(process.stdout)", "echo");
        var bytes = await RunAsync("py", "import sys; sys.stdout.buffer.write(b'\\xff\\x00')");

        python.GetProperty("status").GetString().ShouldBe("runtime_error");
        python.GetProperty("stdout").GetString().ShouldBe("arg in\n");
        python.GetProperty("stderr").GetString().ShouldBe("oh\n");
        python.GetProperty("exitCode").GetInt32().ShouldBe(4);
        python.GetProperty("timeMs").GetDouble().ShouldBeGreaterThan(0);
        python.GetProperty("memoryKb").GetInt64().ShouldBeGreaterThan(0);
        node.GetProperty("stdout").GetString().ShouldBe("echo");
        bytes.GetProperty("stdoutEncoding").GetString().ShouldBe("base64");
        Convert.FromBase64String(bytes.GetProperty("stdout").GetString()!).ShouldBe([0xff, 0x00]);
        await NothingIsLeftInTheQueueAsync();
    }

    [Fact]
    public async Task Of_fifty_runs_at_a_time_none_is_lost_or_mixed_up()
    {
        await StartWorkerAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => RunAsync("python", $"print({number})")));

        answers.Select(answer => answer.GetProperty("stdout").GetString()).ShouldBe(Enumerable.Range(0, 50).Select(number => $"{number}\n"));
        await NothingIsLeftInTheQueueAsync();
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_the_middle_of_a_run_is_replaced_and_its_sandboxes_go()
    {
        var first = await StartWorkerAsync();
        var running = RunAsync("python", "import time\nprint('begun', flush=True)\ntime.sleep(8)\nprint('done')");
        await Eventually.TrueAsync(async () => (await JobsAsync("running")) == 1);
        // Those in reserve as well, which were never started.
        var before = await Eventually.ValueAsync(ListSandboxesAsync, sandboxes => sandboxes.Any(sandbox => !sandbox.Running));

        first.Kill();
        await StartWorkerAsync();

        (await running).GetProperty("stdout").GetString().ShouldBe("begun\ndone\n");
        await Eventually.TrueAsync(async () => !(await ListSandboxesAsync()).Select(left => left.Id).Intersect(before.Select(old => old.Id)).Any());
        await NothingIsLeftInTheQueueAsync();
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_its_run()
    {
        await StartWorkerAsync(("Execution__PoolSize", "0"));
        using var caller = new CancellationTokenSource();
        var running = RunAsync("python", "import time\ntime.sleep(110)", caller.Token);
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Any(sandbox => sandbox.Running));

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Count == 0);
        await NothingIsLeftInTheQueueAsync();
    }

    [Fact]
    public async Task Without_a_worker_the_caller_is_told_and_the_queue_is_empty()
    {
        await StartApiAsync(("Execution__StartTimeout", "00:00:02"));

        using var response = await PostAsync(new { language = "python", code = "print(1)" });

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await ShouldHaveCodeAsync(response, "EXECUTION_UNAVAILABLE");
        await NothingIsLeftInTheQueueAsync();
    }

    [Fact]
    public async Task Languages_are_ready_while_a_worker_has_their_image()
    {
        // What a killed worker of another test said expires.
        await Eventually.TrueAsync(async () => (await ReadyAsync()).Length == 0);

        var worker = await StartWorkerAsync();
        Hot.ShouldBeSubsetOf(await ReadyAsync());

        worker.Kill();
        await Eventually.TrueAsync(async () => (await ReadyAsync()).Length == 0);
    }

    [Theory]
    [InlineData("""{"language":"cobol-74","code":"x"}""", 422, "VALIDATION_ERROR")]
    [InlineData("""{"language":"python"}""", 422, "VALIDATION_ERROR")]
    [InlineData("""{"language":"python","code":""}""", 422, "VALIDATION_ERROR")]
    [InlineData("""{"language":"python","code":"x","args":["a\u0000b"]}""", 422, "VALIDATION_ERROR")]
    [InlineData("""{"language":"python","code":5}""", 400, "INVALID_JSON")]
    [InlineData("{", 400, "INVALID_JSON")]
    [InlineData("10 MB", 413, "PAYLOAD_TOO_LARGE")]
    public async Task Bad_input_gets_the_error_envelope_and_leaves_nothing_behind(string body, int status, string code)
    {
        if (body == "10 MB") body = JsonSerializer.Serialize(new { language = "python", code = new string('x', 10_000_000) });
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await Http.PostAsync(new Uri("/api/execute/execute", UriKind.Relative), content);

        ((int)response.StatusCode).ShouldBe(status);
        await ShouldHaveCodeAsync(response, code);
        await NothingIsLeftInTheQueueAsync();
    }
}
