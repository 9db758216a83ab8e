using System.Net;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Dashboard;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;
using Platform.Testing;

namespace Platform.AppHost.Tests.Dashboard;

public sealed class DashboardTests : IAsyncLifetime, IDisposable
{
    private readonly int _port = FreePorts.Take();
    private readonly SecretMasker _masker = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly LogBuffer _log;
    private readonly DashboardServer _server;
    private readonly ObservableStatus _status = new();

    public DashboardTests()
    {
        _log = new("api", 0, _masker, TimeProvider.System);
        var instance = new ResourceInstance("api", new ProjectResource("api"), "Project", _status, _log)
        {
            Urls = ["http://localhost:8081"],
            Environment = new Dictionary<string, string> { ["JWT_SECRET"] = "abcdefgh", ["WEB_PORT"] = "8080" },
        };
        _server = new(_port, [instance], new("apphost", 0, _masker, TimeProvider.System), _masker);
    }

    public Task InitializeAsync() => _server.StartAsync(CancellationToken.None);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    public async Task Only_the_loopback_names_are_answered(string host, HttpStatusCode expected)
    {
        using var request = Request(HttpMethod.Get, "/api/resources");
        request.Headers.Host = $"{host}:{_port}";

        (await StatusAsync(request)).ShouldBe(expected);
    }

    [Fact]
    public async Task Another_port_in_the_Host_header_is_refused()
    {
        using var request = Request(HttpMethod.Get, "/api/resources");
        request.Headers.Host = "localhost:1";

        (await StatusAsync(request)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/api/resources", "cors", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/resources", "cors", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("/api/resources", "navigate", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/dashboard.js", "no-cors", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("/", "navigate", "cross-site", HttpStatusCode.OK)]
    [InlineData("/", "navigate", "none", HttpStatusCode.OK)]
    [InlineData("/api/resources", "cors", "same-origin", HttpStatusCode.OK)]
    public async Task Another_site_can_link_to_the_page_and_load_nothing(string path, string mode, string site, HttpStatusCode expected)
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        request.Headers.Add("Sec-Fetch-Site", site);

        (await StatusAsync(request)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://evil.example", true)]
    [InlineData("null", true)]
    [InlineData("own", false)]
    public async Task A_command_needs_the_pages_origin_and_the_header(string? origin, bool withHeader)
    {
        using var request = Request(HttpMethod.Post, "/api/resources/api/stop");
        if (origin is not null) request.Headers.Add("Origin", origin == "own" ? $"http://localhost:{_port}" : origin);
        if (withHeader) request.Headers.Add(RequestGuard.CommandHeader, "1");

        (await StatusAsync(request)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/api/resources/none/stop")]
    [InlineData("/api/resources/api/explode")]
    public async Task An_unknown_resource_or_command_is_not_found(string path)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Headers.Add("Origin", $"http://localhost:{_port}");
        request.Headers.Add(RequestGuard.CommandHeader, "1");
        using var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        body.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("RESOURCE_NOT_FOUND");
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/dashboard.css", "text/css")]
    [InlineData("/dashboard.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task The_page_has_a_strict_policy(string path, string type)
    {
        using var response = await _client.GetAsync(new Uri($"http://localhost:{_port}{path}"));

        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task The_page_has_no_inline_script_or_style()
    {
        var html = await _client.GetStringAsync(new Uri($"http://localhost:{_port}/"));

        html.ShouldNotContain("style=");
        html.ShouldNotContain("onclick");
        html.Split("<script").Skip(1).ShouldAllBe(script => script.StartsWith(" src=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_list_says_how_each_resource_is()
    {
        _status.Update(status => status with { State = ResourceState.Running, Health = ResourceHealth.Unhealthy, Message = "/health answered 503." });

        using var body = await GetAsync("/api/resources");
        var row = body.RootElement.GetProperty("resources")[0];

        body.RootElement.GetProperty("healthy").GetBoolean().ShouldBeFalse();
        row.GetProperty("name").GetString().ShouldBe("api");
        row.GetProperty("state").GetString().ShouldBe("Running");
        row.GetProperty("health").GetString().ShouldBe("Unhealthy");
        row.GetProperty("message").GetString().ShouldBe("/health answered 503.");
        row.GetProperty("urls")[0].GetString().ShouldBe("http://localhost:8081");
    }

    [Fact]
    public async Task The_environment_is_shown_without_secrets()
    {
        using var body = await GetAsync("/api/resources/api");

        body.RootElement.GetProperty("environment").EnumerateArray()
            .ToDictionary(variable => variable.GetProperty("name").GetString()!, variable => variable.GetProperty("value").GetString())
            .ShouldBe(new Dictionary<string, string?> { ["JWT_SECRET"] = SecretMasker.Mark, ["WEB_PORT"] = "8080" }, ignoreOrder: true);
    }

    [Fact]
    public async Task The_log_streams_what_was_and_what_comes_and_resumes()
    {
        _log.Append("first");
        _log.Append("second");
        using var request = Request(HttpMethod.Get, "/api/resources/api/logs");
        request.Headers.Add("Last-Event-ID", "1");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await NextLineAsync(reader)).ShouldBe("second");
        _log.Append("third");
        (await NextLineAsync(reader)).ShouldBe("third");
    }

    [Fact]
    public async Task The_log_of_nothing_is_not_found()
    {
        using var request = Request(HttpMethod.Get, "/api/resources/none/logs");

        (await StatusAsync(request)).ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string?> NextLineAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync().WaitAsync(Eventually.DefaultTimeout) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            using var data = JsonDocument.Parse(line[6..]);
            return data.RootElement.GetProperty("text").GetString();
        }

        return null;
    }

    private async Task<JsonDocument> GetAsync(string path) =>
        JsonDocument.Parse(await _client.GetStringAsync(new Uri($"http://localhost:{_port}{path}")));

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri($"http://localhost:{_port}{path}"));

    private async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }
}
