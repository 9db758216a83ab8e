using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Sandboxes;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>Real processes of the platform: Api, queue, worker, sandbox and back.</summary>
public abstract class RunPath(Func<string> postgres, Func<string> redis, string? engine = null) : IAsyncLifetime, IDisposable
{
    protected RunPath(PostgresFixture postgres, RedisFixture redis)
        : this(() => postgres.ConnectionString, () => redis.ConnectionString)
    {
    }

    private protected static readonly string[] Hot = ["javascript", "python"];

    /// <summary>The languages with so much time that what a test interrupts does not come to its end before, however long the machine stands still.</summary>
    private static readonly Lazy<string> PatientLanguages = new(WritePatientLanguages);

    private readonly string _platform = $"run-path-{Guid.NewGuid():N}";
    private readonly IContainerEngine _engine = ContainerEngineExtensions.Create(new ContainerOptions { Endpoint = engine }, TimeProvider.System);
    private readonly List<PlatformProcess> _processes = [];
    private HttpClient? _http;

    private protected HttpClient Http => _http ?? throw new InvalidOperationException("The Api has not been started.");

    public Task InitializeAsync() => StartApiAsync();

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        foreach (var left in await ListSandboxesAsync()) await _engine.RemoveAsync(left.Id, CancellationToken.None);
    }

    public void Dispose()
    {
        _http?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task StartApiAsync(params (string Name, string Value)[] settings)
    {
        _http?.Dispose();
        _http = new HttpClient { BaseAddress = (await StartAsync("Api", settings)).Address, Timeout = TimeSpan.FromMinutes(5) };

        // The server may refuse a long body before it has read it.
        _http.DefaultRequestHeaders.ExpectContinue = true;
    }

    private protected async Task<PlatformProcess> StartWorkerAsync(params (string Name, string Value)[] settings)
    {
        var worker = await StartAsync("ExecutionWorker", settings);
        await Eventually.TrueAsync(async () => Hot.All((await ReadyAsync()).Contains));
        return worker;
    }

    private async Task<PlatformProcess> StartAsync(string project, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__platform"] = postgres(),
            ["ConnectionStrings__redis"] = redis(),
            ["Containers__Platform"] = _platform,
            ["Execution__Languages"] = PatientLanguages.Value,
            ["RateLimits__General__PermitLimit"] = "100000",
            ["RateLimits__AnonymousRuns__PermitLimit"] = "100000",
            ["JWT_SECRET"] = "only-for-the-tests-of-the-run-path-0123456789",
        };
        if (engine is not null) environment["DOCKER_HOST"] = engine;
        foreach (var (name, value) in settings) environment[name] = value;
        var process = await PlatformProcess.StartAsync(project, environment);
        _processes.Add(process);
        return process;
    }

    private protected Task<HttpResponseMessage> PostAsync(object request, CancellationToken cancellationToken = default) =>
        Http.PostAsJsonAsync("/api/execute/execute", request, cancellationToken);

    private protected Task<JsonElement> RunAsync(string language, string code, string? stdin = null, params string[] args) =>
        RunAsync(language, code, stdin, args, CancellationToken.None);

    private protected Task<JsonElement> RunAsync(string language, string code, CancellationToken cancellationToken) =>
        RunAsync(language, code, null, [], cancellationToken);

    private protected async Task<JsonElement> RunAsync(string language, string code, string? stdin, string[] args, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(new { language, code, stdin, args }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private protected async Task<string[]> ReadyAsync()
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>("/api/execute/languages");
        return [.. answer.GetProperty("languages").EnumerateArray()
            .Where(language => language.GetProperty("ready").GetBoolean())
            .Select(language => language.GetProperty("id").GetString()!)
            .Order(StringComparer.Ordinal)];
    }

    private protected Task<IReadOnlyList<ContainerSummary>> ListSandboxesAsync() => _engine.ListAsync(
        new Dictionary<string, string> { [ContainerLabels.Platform] = _platform, [ContainerLabels.Kind] = SandboxLabels.Kind }, CancellationToken.None);

    private protected Task NothingIsLeftInTheQueueAsync() =>
        Eventually.TrueAsync(async () => await JobsAsync("queued") + await JobsAsync("running") == 0);

    private protected async Task<long> JobsAsync(string state)
    {
        // Not from the pool: its connections may lead to a server that has been killed since.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM jobs WHERE state = $1", connection);
        command.Parameters.AddWithValue(state);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string WritePatientLanguages()
    {
        const string usual = "wallSeconds: 15";
        var languages = File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "languages.yaml"));
        languages.ShouldContain(usual);
        var path = System.IO.Path.Combine(AppContext.BaseDirectory, "languages.patient.yaml");
        File.WriteAllText(path, languages.Replace(usual, "wallSeconds: 120", StringComparison.Ordinal));
        return path;
    }

    private protected static async Task ShouldHaveCodeAsync(HttpResponseMessage response, string code)
    {
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        answer.GetProperty("error").GetProperty("statusCode").GetInt32().ShouldBe((int)response.StatusCode);
    }
}
