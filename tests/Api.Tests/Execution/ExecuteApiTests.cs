using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Execution;
using StackExchange.Redis;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs with a waiting caller, over HTTP.</summary>
[Trait("Category", "Integration")]
public sealed class ExecuteApiTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    [Fact]
    public async Task Everything_that_is_asked_for_reaches_the_worker()
    {
        RunRequest? seen = null;
        byte[]? input = null;
        fixture.Workers.On("everything", async (worker, request) =>
        {
            seen = request;
            input = (await worker.ReceiveAsync()).Payload.ToArray();
            await worker.FinishAsync(FakeWorkers.Ok);
        });

        var (status, body) = await PostAsync(new
        {
            language = "py",
            files = new object[]
            {
                new { content = "everything" }, new { name = "data/raw.bin", content = "AP8=", encoding = "base64" }, new { name = "x", content = "0a0B", encoding = "hex" },
            },
            stdin = "00ff",
            stdinEncoding = "hex",
            args = new[] { "a", "" },
            env = new Dictionary<string, string> { ["KEY"] = "värde" },
            limits = new { cpuSeconds = 1.5, memoryMegabytes = 64, outputBytes = 1000 },
        });

        status.ShouldBe(200, body.ToString());
        seen!.Language.ShouldBe("python");
        seen.Files.Select(file => file.Path).ShouldBe(["main.py", "data/raw.bin", "x"]);
        seen.Files[1].Content.ShouldBe([0x00, 0xff]);
        seen.Files[2].Content.ShouldBe([0x0a, 0x0b]);
        seen.Arguments.ShouldBe(["a", ""]);
        seen.Environment["KEY"].ShouldBe("värde");
        seen.Limits.ShouldBe(new RunLimits { CpuSeconds = 1.5, MemoryMegabytes = 64, OutputBytes = 1000 });
        input.ShouldBe([0x00, 0xff]);
    }

    [Fact]
    public async Task Input_has_two_names()
    {
        var (status, body) = await PostAsync(new { language = "python", code = "echoes", input = "typed" });

        status.ShouldBe(200, body.ToString());
        body.GetProperty("stdout").GetString().ShouldBe("typed");
    }

    [Fact]
    public async Task Tests_are_judged_one_by_one()
    {
        fixture.Workers.On("upper", UpperAsync);

        var (status, body) = await PostAsync(new
        {
            language = "python",
            code = "upper",
            tests = new object[]
            {
                new { name = "good", stdin = "abc", expected = "ABC\n" },
                new { stdin = "def", expected = "def" },
                new { stdin = "crash", expected = "CRASH" },
                new { stdin = "only run" },
                new { stdin = "gh", expected = "GH", args = new[] { "other" } },
                new { stdin = "/wA=", expected = "/wA=", encoding = "base64", checker = "exact" },
            },
        });

        status.ShouldBe(200, body.ToString());
        var tests = body.GetProperty("tests").EnumerateArray().ToList();
        tests.Select(test => test.GetProperty("status").GetString()).ShouldBe(["ok", "wrong_answer", "runtime_error", "ok", "ok", "ok"]);
        tests.Select(test => test.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2, 3, 4, 5]);
        tests[0].GetProperty("name").GetString().ShouldBe("good");
        tests[0].GetProperty("stdout").GetString().ShouldBe("ABC");
        tests[5].GetProperty("stdoutEncoding").GetString().ShouldBe("base64");
        body.GetProperty("status").GetString().ShouldBe("runtime_error");
        body.GetProperty("score").GetDouble().ShouldBe(0.6667);
    }

    [Fact]
    public async Task A_program_that_does_not_compile_fails_all_tests()
    {
        fixture.Workers.On("broken", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Compile);
            await worker.SendAsync(RunMessageKind.Stderr, "main.c:1:1: error: no"u8.ToArray());
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.CompileError, ExitCode = 1, Compile = new StageResult(1, null, TimeSpan.Zero, TimeSpan.Zero, 0) });
        });

        var (_, body) = await PostAsync(new { language = "python", code = "broken", tests = new[] { new { stdin = "a", expected = "a" } } });

        body.GetProperty("status").GetString().ShouldBe("compile_error");
        body.GetProperty("stderr").GetString().ShouldBe("main.c:1:1: error: no");
        body.GetProperty("score").GetDouble().ShouldBe(0);
        body.GetProperty("tests")[0].GetProperty("status").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Syntax_is_checked_without_running()
    {
        RunMode? mode = null;
        fixture.Workers.On("wrong", async (worker, request) =>
        {
            mode = request.Mode;
            await worker.SendAsync(RunMessageKind.Stderr, "  File \"main.py\", line 3\n    x = (\n        ^\nSyntaxError: '(' was never closed\n"u8.ToArray());
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.CompileError, ExitCode = 1 });
        });

        var (status, body) = await PostAsync(new { language = "python", code = "wrong" }, "/api/execute/validate");
        var (_, good) = await PostAsync(new { language = "python", code = "checked" }, "/api/execute/validate");

        status.ShouldBe(200, body.ToString());
        mode.ShouldBe(RunMode.Check);
        body.GetProperty("valid").GetBoolean().ShouldBeFalse();
        var diagnostic = body.GetProperty("diagnostics").EnumerateArray().ShouldHaveSingleItem();
        (diagnostic.GetProperty("line").GetInt32(), diagnostic.GetProperty("column").GetInt32(), diagnostic.GetProperty("severity").GetString()).ShouldBe((3, 5, "error"));
        good.GetProperty("valid").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"language":"python","files":[{"name":"../x","content":""}]}""", "files[0].name")]
    [InlineData("""{"language":"python","code":"x","limits":{"memoryMegabytes":100000}}""", "limits.memoryMegabytes")]
    [InlineData("""{"language":"python","code":"x","env":{"A B":"x"}}""", "env")]
    [InlineData("""{"language":"python","code":"x","callback":{"url":"https://example.com","secret":"0123456789abcdef"}}""", "callback")]
    [InlineData("a thousand files", "files")]
    [InlineData("a long argument", "args")]
    public async Task Bad_input_is_named_by_its_field(string body, string field)
    {
        if (body == "a thousand files") body = JsonSerializer.Serialize(new { language = "python", files = Enumerable.Range(0, 1000).Select(number => new { name = $"f{number}", content = "" }) });
        if (body == "a long argument") body = JsonSerializer.Serialize(new { language = "python", code = "x", args = new[] { new string('x', 128 * 1024) } });
        using var client = fixture.Api.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var error = await (await client.PostAsync("/api/execute/execute", content)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");

        error.GetProperty("details").TryGetProperty(field, out _).ShouldBeTrue(error.ToString());
    }

    [Fact]
    public async Task A_sender_that_does_not_ask_first_sees_that_its_body_is_too_large()
    {
        using var client = fixture.Api.CreateClient();
        client.DefaultRequestHeaders.ExpectContinue = false;
        for (var round = 0; round < 5; round++)
        {
            using var content = new ByteArrayContent(new byte[10_000_000]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            await (await client.PostAsync("/api/execute/execute", content)).ShouldBeErrorAsync(413, "PAYLOAD_TOO_LARGE");
        }
    }

    [Fact]
    public async Task A_sender_that_asks_first_is_refused_before_it_sends()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(fixture.Api.Address.Host, fixture.Api.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("POST /api/execute/execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());
        var buffer = new byte[64];
        var read = await stream.ReadAtLeastAsync(buffer, 12).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Encoding.ASCII.GetString(buffer, 0, read).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task Compressed_bodies_are_refused()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(new byte[50_000_000]);
        using var client = fixture.Api.CreateClient();
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        await (await client.PostAsync("/api/execute/execute", content)).ShouldBeErrorAsync(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task When_too_many_wait_the_next_is_told_when_to_come_back()
    {
        var instance = fixture.Start(("Execution:MaxPending", "1"));
        using var client = instance.CreateClient();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("busy", async (worker, _) =>
        {
            taken.TrySetResult();
            await release.Task;
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        var first = client.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "busy" });
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30));

        using (var second = await client.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "busy" }))
        {
            second.Headers.RetryAfter!.Delta.ShouldNotBeNull();
            await second.ShouldBeErrorAsync(429, "EXECUTION_BUSY");
        }

        release.SetResult();
        (await first).EnsureSuccessStatusCode();
        (await client.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "x" })).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Whether_strangers_may_run_code_is_configured()
    {
        var instance = fixture.Start(("Execution:AllowAnonymous", "false"));
        using var client = instance.CreateClient();
        foreach (var path in new[] { "/api/execute/execute", "/api/execute/validate" })
            await (await client.PostAsJsonAsync(path, new { language = "python", code = "x" })).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => instance.ConnectAsync("/api/execute/stream/a"));
        var (status, plain) = await ApiInstance.PostAsync(client, "/api/v2/execute", new { language = "python", version = "*", files = new[] { new { content = "x" } } });
        status.ShouldBe(401);
        plain.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Languages_tell_their_limits()
    {
        using var client = fixture.Api.CreateClient();
        var languages = (await (await client.GetAsync("/api/execute/languages")).ReadJsonAsync()).GetProperty("languages");
        var python = languages.EnumerateArray().Single(language => language.GetProperty("id").GetString() == "python");
        python.GetProperty("limits").GetProperty("memoryMegabytes").GetInt32().ShouldBePositive();
        python.GetProperty("checkable").GetBoolean().ShouldBeTrue();
        python.GetProperty("example").GetString().ShouldNotBeNullOrEmpty();
        python.GetProperty("aliases").EnumerateArray().ShouldNotBeEmpty();
        python.GetProperty("version").GetString()!.Split('.').Length.ShouldBe(3);
        // As it stands there it can be sent.
        var files = python.GetProperty("multiFile").EnumerateArray().ToList();
        files.Count.ShouldBeGreaterThan(1);
        files[0].GetProperty("name").GetString().ShouldBe(python.GetProperty("fileName").GetString());
        var (status, _) = await ApiInstance.PostAsync(client, "/api/execute/execute", new { language = "python", files });
        status.ShouldBe(200);
    }

    [Fact]
    public async Task A_language_has_the_best_state_that_a_living_worker_tells()
    {
        var now = TimeProvider.System.GetUtcNow();
        var redis = fixture.Api.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        WorkerState[] workers =
        [
            new(["python"], ["go"], ["rust", "java"], now.AddMinutes(5)), new([], [], ["python", "go"], now.AddMinutes(5)), new(["rust", "lua"], [], [], now.AddMinutes(-1)),
        ];
        foreach (var (worker, index) in workers.Select((worker, index) => (worker, index)))
            await redis.HashSetAsync(WorkerState.Key, $"w{index}", JsonSerializer.Serialize(worker, WorkerState.JsonOptions));
        await redis.HashSetAsync(WorkerState.Key, "earlier", $$"""{"languages":["bash"],"expiresAt":"{{now.AddMinutes(5):O}}"}""");
        using var client = fixture.Api.CreateClient();

        var languages = (await (await client.GetAsync("/api/execute/languages")).ReadJsonAsync()).GetProperty("languages").EnumerateArray()
            .ToDictionary(language => language.GetProperty("id").GetString()!, language => (language.GetProperty("state").GetString(), language.GetProperty("ready").GetBoolean()));

        languages["python"].ShouldBe(("ready", true));
        languages["bash"].ShouldBe(("ready", true));
        languages["go"].ShouldBe(("building", false));
        languages["rust"].ShouldBe(("on_demand", false));
        languages["lua"].ShouldBe(("unavailable", false));
        await redis.KeyDeleteAsync(WorkerState.Key);
    }

    [Theory]
    [InlineData(RunRefusal.ImageBuildFailed)]
    [InlineData(RunRefusal.ImageMissing)]
    public async Task Why_a_run_could_not_begin_has_a_code(string code)
    {
        fixture.Workers.On("refused", async (worker, _) => await worker.SendAsync(
            RunMessageKind.Unavailable, JsonSerializer.SerializeToUtf8Bytes(new RunRefusal(code, "Not now."), RunJson.Default.RunRefusal)));
        using var client = fixture.Api.CreateClient();
        foreach (var path in new[] { "execute", "validate" })
            await (await client.PostAsJsonAsync($"/api/execute/{path}", new { language = "python", code = "refused" })).ShouldBeErrorAsync(503, code);
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/x");
        await socket.SendAsync(new { type = "start", language = "python", code = "refused" });
        (await socket.ReceiveAsync("error")).GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus).ShouldBe(1008);
    }

    /// <summary>Prints each input in capitals, but for base64's bytes; ends badly for "crash".</summary>
    private static async Task UpperAsync(FakeWorker worker, RunRequest request)
    {
        foreach (var input in request.Inputs)
        {
            var text = Encoding.Latin1.GetString(input);
            var output = input.Contains((byte)0) ? input : Encoding.Latin1.GetBytes(text.ToUpperInvariant());
            await worker.SendAsync(RunMessageKind.Stdout, output);
            await worker.FinishInputAsync(text == "crash" ? FakeWorkers.Ok with { Verdict = RunVerdict.RuntimeError, ExitCode = 1 } : FakeWorkers.Ok);
        }

        await worker.FinishAsync(FakeWorkers.Ok);
    }

    private async Task<(int Status, JsonElement Body)> PostAsync(object request, string path = "/api/execute/execute")
    {
        using var client = fixture.Api.CreateClient();
        return await ApiInstance.PostAsync(client, path, request);
    }
}
