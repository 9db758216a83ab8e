using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>
/// The whole platform, started by its app host as a user starts it, on ports and data of its own, so that it runs beside another one.
/// </summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    /// <summary>The administrator of this installation, once somebody signs up with it.</summary>
    public const string AdminEmail = "admin@example.org";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(2);

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"autostack-e2e-{Guid.NewGuid():N}");
    private readonly StringBuilder _output = new();
    private readonly int[] _ports = FreePorts.Take(3);
    private Process? _appHost;

    public Uri Web => new($"http://localhost:{_ports[0]}");

    public Uri Api => new($"http://localhost:{_ports[1]}");

    public int WebPort => _ports[0];

    private Uri Dashboard => new($"http://localhost:{_ports[2]}");

    public async Task InitializeAsync()
    {
        // A path that the stores' unprivileged users can enter.
        Directory.CreateDirectory(_data);
        _appHost = Start();
        using var client = new HttpClient { BaseAddress = Dashboard };
        var watch = Stopwatch.StartNew();
        while (!await IsHealthyAsync(client))
        {
            if (_appHost.HasExited) throw new InvalidOperationException($"The app host ended with {_appHost.ExitCode}:\n{Output()}");
            if (watch.Elapsed > StartTimeout) throw new TimeoutException($"Not healthy within {StartTimeout}:\n{Output()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    public async Task DisposeAsync()
    {
        if (_appHost is { HasExited: false } appHost)
        {
            using var kill = Process.Start("kill", ["-TERM", appHost.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(StopTimeout);
            await appHost.WaitForExitAsync(limit.Token);
        }

        _appHost?.Dispose();
        DeleteData();
    }

    /// <summary>Asks a deployed site for a page. .NET does not resolve *.localhost, so this connects to loopback and names the host.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetSiteAsync(Uri address)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(address);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until a site answers with this: the sites host hears of a change a moment after the page that made it.</summary>
    public async Task<string> WaitForSiteAsync(Uri address, HttpStatusCode expected) =>
        (await Eventually.ValueAsync(() => GetSiteAsync(address), answer => answer.Status == expected)).Body;

    private Process Start()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var dll = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "AppHost", configuration, "Platform.AppHost.dll"));
        var start = new ProcessStartInfo("dotnet", [dll])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment["WEB_PORT"] = Text(_ports[0]);
        start.Environment["API_PORT"] = Text(_ports[1]);
        start.Environment["DASHBOARD_PORT"] = Text(_ports[2]);
        start.Environment["DATA_DIR"] = _data;
        start.Environment["ADMIN_EMAIL"] = AdminEmail;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Containers__Platform"] = Path.GetFileName(_data);
        // Every test signs up from the same address.
        start.Environment["RateLimits__Auth__PermitLimit"] = "1000";
        start.Environment["RateLimits__General__PermitLimit"] = "10000";

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsHealthyAsync(HttpClient client)
    {
        try
        {
            var answer = await client.GetFromJsonAsync<JsonElement>("/api/resources");
            var resources = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("resources");
            return resources.GetArrayLength() > 0 && resources.EnumerateArray().All(IsUp)
                && await AnswersAsync(client, Api) && await AnswersAsync(client, Web);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static bool IsUp(JsonElement resource) =>
        !resource.TryGetProperty("health", out var health) || health.GetString()?.ToUpperInvariant() is null or "HEALTHY" or "NONE";

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address)
    {
        using var response = await client.GetAsync(new Uri(address, "/health"));
        return response.IsSuccessStatusCode;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }

    internal string Output()
    {
        lock (_output) return _output.ToString();
    }

    private void DeleteData()
    {
        // As root the stores' data lies elsewhere, behind a link.
        var stores = new FileInfo(Path.Combine(_data, "stores"));
        if (stores.LinkTarget is { } target && Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.Delete(_data, recursive: true);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
