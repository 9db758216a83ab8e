using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Sandboxes;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>The whole path of a run through real processes: Api, queue, worker, sandbox and back.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class RunPathTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>, IAsyncLifetime, IDisposable
{
    private readonly string _platform = $"run-path-{Guid.NewGuid():N}";
    private readonly IContainerEngine _engine = ContainerEngineExtensions.Create(new ContainerOptions(), TimeProvider.System);
    private readonly List<PlatformProcess> _processes = [];
    private HttpClient? _http;

    private HttpClient Http => _http ?? throw new InvalidOperationException("The Api has not been started.");

    public Task InitializeAsync() => StartApiAsync();

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        foreach (var left in await ListSandboxesAsync()) await _engine.RemoveAsync(left.Id, CancellationToken.None);
    }

    public void Dispose() => _http?.Dispose();

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
        var running = RunAsync("python", "import time\nprint('begun', flush=True)\ntime.sleep(2)\nprint('done')");
        await Eventually.TrueAsync(async () => (await JobsAsync("running")) == 1);
        var before = await ListSandboxesAsync();

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
        var running = RunAsync("python", "import time\ntime.sleep(14)", caller.Token);
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Any(sandbox => sandbox.Running));

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Count == 0, TimeSpan.FromSeconds(10));
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
        new[] { "javascript", "python" }.ShouldBeSubsetOf(await ReadyAsync());

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

    private async Task StartApiAsync(params (string Name, string Value)[] settings)
    {
        _http?.Dispose();
        _http = new HttpClient { BaseAddress = (await StartAsync("Api", settings)).Address };

        // The server may refuse a long body before it has read it.
        _http.DefaultRequestHeaders.ExpectContinue = true;
    }

    private async Task<PlatformProcess> StartWorkerAsync(params (string Name, string Value)[] settings)
    {
        var worker = await StartAsync("ExecutionWorker", settings);
        await Eventually.TrueAsync(async () => (await ReadyAsync()).Contains("python"));
        return worker;
    }

    private async Task<PlatformProcess> StartAsync(string project, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__platform"] = postgres.ConnectionString,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Containers__Platform"] = _platform,
            ["RateLimits__General__PermitLimit"] = "100000",
            ["RateLimits__AnonymousRuns__PermitLimit"] = "100000",
            ["JWT_SECRET"] = "only-for-the-tests-of-the-run-path-0123456789",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var process = await PlatformProcess.StartAsync(project, environment);
        _processes.Add(process);
        return process;
    }

    private Task<HttpResponseMessage> PostAsync(object request, CancellationToken cancellationToken = default) =>
        Http.PostAsJsonAsync("/api/execute/execute", request, cancellationToken);

    private Task<JsonElement> RunAsync(string language, string code, string? stdin = null, params string[] args) =>
        RunAsync(language, code, stdin, args, CancellationToken.None);

    private Task<JsonElement> RunAsync(string language, string code, CancellationToken cancellationToken) =>
        RunAsync(language, code, null, [], cancellationToken);

    private async Task<JsonElement> RunAsync(string language, string code, string? stdin, string[] args, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(new { language, code, stdin, args }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private async Task<string[]> ReadyAsync()
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>("/api/execute/languages");
        return [.. answer.GetProperty("languages").EnumerateArray()
            .Where(language => language.GetProperty("ready").GetBoolean())
            .Select(language => language.GetProperty("id").GetString()!)
            .Order(StringComparer.Ordinal)];
    }

    private Task<IReadOnlyList<ContainerSummary>> ListSandboxesAsync() => _engine.ListAsync(
        new Dictionary<string, string> { [ContainerLabels.Platform] = _platform, [ContainerLabels.Kind] = SandboxLabels.Kind }, CancellationToken.None);

    private Task NothingIsLeftInTheQueueAsync() =>
        Eventually.TrueAsync(async () => await JobsAsync("queued") + await JobsAsync("running") == 0);

    private async Task<long> JobsAsync(string state)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM jobs WHERE state = $1", connection);
        command.Parameters.AddWithValue(state);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ShouldHaveCodeAsync(HttpResponseMessage response, string code)
    {
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        answer.GetProperty("error").GetProperty("statusCode").GetInt32().ShouldBe((int)response.StatusCode);
    }
}
