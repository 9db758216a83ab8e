using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Execution;
using Platform.Core.Execution;
using StackExchange.Redis;

namespace Platform.Api.Tests.Piston;

/// <summary>The facade keeps to Piston's protocol.</summary>
[Trait("Category", "Integration")]
public sealed class PistonTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "{}", "language is required as a string" },
        { """{"language":5}""", "language is required as a string" },
        { """{"language":"python"}""", "version is required as a string" },
        { """{"language":"python","version":"*"}""", "files is required as an array" },
        { """{"language":"python","version":"*","files":[{}]}""", "files[0].content is required as a string" },
        { """{"language":"klingon","version":"*","files":[{"content":""}]}""", "klingon-* runtime is unknown" },
        { """{"language":"python","version":"2.x","files":[{"content":""}]}""", "python-2.x runtime is unknown" },
        { """{"language":"python","version":"*","files":[{"content":"","encoding":"hex"}]}""", "files must include at least one utf8 encoded file" },
        { """{"language":"python","version":"*","files":[{"content":"x"}],"run_timeout":"5"}""", "If specified, run_timeout must be a number" },
        { """{"language":"python","version":"*","files":[{"content":"x"}],"run_timeout":999999999}""", "run_timeout cannot exceed the configured limit of 15000" },
        { """{"language":"python","version":"*","files":[{"content":"x"}],"compile_timeout":-5}""", "compile_timeout must be non-negative" },
    };

    [Fact]
    public async Task Runtimes_are_those_that_are_ready()
    {
        var state = new WorkerState(["python"], [], [], TimeProvider.System.GetUtcNow().AddMinutes(5));
        await fixture.Api.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase()
            .HashSetAsync(WorkerState.Key, "test", JsonSerializer.Serialize(state, WorkerState.JsonOptions));
        using var client = fixture.Api.CreateClient();

        var runtime = (await (await client.GetAsync("/api/v2/runtimes")).ReadJsonAsync()).EnumerateArray().ShouldHaveSingleItem();

        runtime.GetProperty("language").GetString().ShouldBe("python");
        runtime.GetProperty("version").GetString().ShouldNotBeNull().Split('.').Length.ShouldBe(3);
        runtime.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()).ShouldContain("py");
    }

    [Fact]
    public async Task A_run_has_the_fields_that_clients_read()
    {
        RunRequest? seen = null;
        byte[]? input = null;
        fixture.Workers.On("piston", async (worker, request) =>
        {
            seen = request;
            input = (await worker.ReceiveAsync()).Payload.ToArray();
            await worker.StageAsync(RunStage.Compile);
            await worker.SendAsync(RunMessageKind.Stderr, "warning"u8.ToArray());
            await worker.StageAsync(RunStage.Run);
            await worker.SendAsync(RunMessageKind.Stdout, "one "u8.ToArray());
            await worker.SendAsync(RunMessageKind.Stderr, "two "u8.ToArray());
            await worker.SendAsync(RunMessageKind.Stdout, "three"u8.ToArray());
            await worker.FinishAsync(FakeWorkers.Ok with
            {
                Verdict = RunVerdict.RuntimeError,
                ExitCode = 3,
                Compile = new StageResult(0, null, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(4), 1000),
            });
        });

        var (status, body) = await PostAsync(new
        {
            language = "py",
            version = "3.x",
            files = new object[] { new { name = "data", content = "ff", encoding = "hex" }, new { content = "piston" } },
            stdin = "in",
            args = new[] { "1" },
            run_timeout = 3000,
            compile_timeout = 10000,
            run_memory_limit = -1,
            compile_memory_limit = -1,
        });

        status.ShouldBe(200, body.ToString());
        (body.GetProperty("language").GetString(), body.GetProperty("version").GetString()).ShouldBe(("python", "3.11.2"));
        var compile = body.GetProperty("compile");
        (compile.GetProperty("stderr").GetString(), compile.GetProperty("code").GetInt32(), compile.GetProperty("wall_time").GetDouble()).ShouldBe(("warning", 0, 5));
        var run = body.GetProperty("run");
        (run.GetProperty("stdout").GetString(), run.GetProperty("stderr").GetString(), run.GetProperty("output").GetString()).ShouldBe(("one three", "two ", "one two three"));
        (run.GetProperty("code").GetInt32(), run.GetProperty("status").GetString(), run.GetProperty("message").GetString()).ShouldBe((3, "RE", "Exited with error status 3"));
        run.GetProperty("signal").ValueKind.ShouldBe(JsonValueKind.Null);
        (run.GetProperty("memory").GetInt64(), run.GetProperty("cpu_time").GetDouble(), run.GetProperty("wall_time").GetDouble()).ShouldBe((4096, 10, 12));
        seen!.Files.Select(file => file.Path).ShouldBe(["main.py", "data"]);
        seen.Limits!.WallSeconds.ShouldBe(3);
        seen.Limits.MemoryMegabytes.ShouldBeNull();
        // No line end is added to what was given.
        input.ShouldBe("in"u8.ToArray());
    }

    [Theory]
    [InlineData(RunVerdict.Signalled, "SG", "SIGSEGV", "Caught fatal signal SIGSEGV")]
    [InlineData(RunVerdict.TimeLimit, "TO", "SIGKILL", "Time limit exceeded")]
    [InlineData(RunVerdict.OutputLimit, "OL", "SIGKILL", "stdout length exceeded")]
    [InlineData(RunVerdict.MemoryLimit, "SG", "SIGKILL", "Memory limit exceeded")]
    [InlineData(RunVerdict.InternalError, "XX", null, "broken")]
    public async Task Verdicts_have_the_words_of_the_field(RunVerdict verdict, string status, string? signal, string message)
    {
        fixture.Workers.On($"verdict{verdict}", async (worker, _) =>
        {
            await worker.SendAsync(RunMessageKind.Stdout, "kept"u8.ToArray());
            await worker.FinishAsync(new RunResult { Verdict = verdict, Signal = verdict == RunVerdict.Signalled ? "SIGSEGV" : null, Message = "broken", StdoutTruncated = true });
        });

        var (_, body) = await PostAsync(new { language = "python", version = "*", files = new[] { new { content = $"verdict{verdict}" } } });

        var run = body.GetProperty("run");
        run.GetProperty("status").GetString().ShouldBe(status);
        run.GetProperty("signal").GetString().ShouldBe(signal);
        run.GetProperty("message").GetString().ShouldBe(message);
        run.GetProperty("stdout").GetString().ShouldBe("kept");
        body.TryGetProperty("compile", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_nothing_was_run_the_compilers_part_is_told_twice()
    {
        fixture.Workers.On("uncompiled", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Compile);
            await worker.SendAsync(RunMessageKind.Stderr, "error"u8.ToArray());
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.CompileError, ExitCode = 1 });
        });

        var (_, body) = await PostAsync(new { language = "python", version = "*", files = new[] { new { content = "uncompiled" } } });

        body.GetProperty("compile").GetProperty("stderr").GetString().ShouldBe("error");
        body.GetProperty("run").GetRawText().ShouldBe(body.GetProperty("compile").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistakes_are_named_as_Piston_names_them(string body, string message)
    {
        using var client = fixture.Api.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/api/v2/execute", content);
        ((int)response.StatusCode).ShouldBe(400);
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetRawText().ShouldBe(JsonSerializer.Serialize(new { message }));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "{}", 415)]
    [InlineData("text/plain", "{}", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", """{"language":"python","version":"*","files":[{"name":"../x","content":""}]}""", 400)]
    [InlineData("application/json", """{"language":"python","version":"*","files":[{"content":"x"}],"args":[1]}""", 400)]
    public async Task Every_refusal_is_a_message(string type, string body, int status)
    {
        using var client = fixture.Api.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await client.PostAsync("/api/v2/execute", content);
        ((int)response.StatusCode).ShouldBe(status);
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("message");
    }

    [Theory]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData(null)]
    public async Task Clients_that_do_not_say_that_they_send_JSON_are_served(string? type)
    {
        using var client = fixture.Api.CreateClient();
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new { language = "python", version = "*", files = new[] { new { content = "prints" } }, stdin = "typed", compile_memory_limit = -1, run_memory_limit = -1 }));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await client.PostAsync("/api/v2/execute", content);

        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, body);
        JsonElement.Parse(body).GetProperty("run").GetProperty("stdout").GetString().ShouldBe("typed");
    }

    [Fact]
    public async Task The_socket_speaks_as_Pistons_does()
    {
        var signals = new List<byte>();
        fixture.Workers.On("connect", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Compile);
            await worker.StageAsync(RunStage.Run);
            while (await worker.ReceiveAsync() is { Kind: not RunMessageKind.StdinEnd } message)
            {
                if (message.Kind == RunMessageKind.Signal) signals.Add(message.Payload.Span[0]);
                else foreach (var value in message.Payload.ToArray()) await worker.SendAsync(RunMessageKind.Stdout, [value]);
            }

            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/v2/connect");
        await socket.SendAsync(new { type = "init", language = "py", version = "*", files = new[] { new { content = "connect" } } });
        var runtime = (await socket.ReceiveAsync())!.Value;
        runtime.GetRawText().ShouldBe("""{"type":"runtime","language":"python","version":"3.11.2"}""");
        (await socket.ReceiveAsync("stage")).GetRawText().ShouldBe("""{"type":"stage","stage":"compile"}""");
        (await socket.ReceiveAsync("exit")).GetRawText().ShouldBe("""{"type":"exit","stage":"compile","code":0,"signal":null}""");
        (await socket.ReceiveAsync("stage")).GetProperty("stage").GetString().ShouldBe("run");

        await socket.SendAsync(new { type = "data", stream = "stdin", data = "😀" });
        var data = await socket.ReceiveAsync("data");
        (data.GetProperty("stream").GetString(), data.GetProperty("data").GetString()).ShouldBe(("stdout", "😀"));
        await socket.SendAsync(new { type = "signal", signal = "SIGUSR1" });
        await socket.SendAsync(new { type = "stdin_close" });

        (await socket.ReceiveAsync("exit")).GetRawText().ShouldBe("""{"type":"exit","stage":"run","code":0,"signal":null}""");
        (await socket.ReceiveAsync()).ShouldBeNull();
        ((int?)socket.CloseStatus, socket.CloseReason).ShouldBe((4999, "Job Completed"));
        signals.ShouldBe([10]);
    }

    [Theory]
    [InlineData("", 4001)]
    [InlineData("""{"type":"data","stream":"stdin","data":"x"}""", 4003)]
    [InlineData("""{"type":"signal","signal":"SIGINT"}""", 4003)]
    [InlineData("nonsense", 4002)]
    [InlineData("""{"type":"init","language":"klingon","version":"*","files":[]}""", 4002)]
    [InlineData("""init {"type":"init"}""", 4000)]
    [InlineData("""init {"type":"data","stream":"stdout","data":"x"}""", 4004)]
    [InlineData("""init {"type":"signal","signal":"INT"}""", 4005)]
    public async Task Breaches_are_answered_by_their_codes(string messages, int code)
    {
        // Who says something has all the time for it.
        var instance = messages.Length == 0 ? fixture.Start(("Execution:Stream:InitTimeout", "00:00:01")) : fixture.Api;
        using var socket = await instance.ConnectAsync("/api/v2/connect");
        if (messages.StartsWith("init ", StringComparison.Ordinal))
        {
            await socket.SendAsync(new { type = "init", language = "py", version = "*", files = new[] { new { content = "waits" } } });
            await socket.ReceiveAsync("runtime");
            messages = messages["init ".Length..];
        }

        if (messages.Length > 0) await socket.SendTextAsync(messages);
        var frames = await socket.ReceiveAllAsync();

        ((int?)socket.CloseStatus).ShouldBe(code);
        if (code == 4002) frames[^1].GetProperty("type").GetString().ShouldBe("error");
    }

    private async Task<(int Status, JsonElement Body)> PostAsync(object request)
    {
        using var client = fixture.Api.CreateClient();
        return await ApiInstance.PostAsync(client, "/api/v2/execute", request);
    }
}
