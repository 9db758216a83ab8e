using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Platform.Bench;

/// <summary>Deploys as a browser does: over HTTP, following the log by a WebSocket.</summary>
internal sealed class DeploymentClient(Uri api) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = api };
    private BenchAccount? _account;
    private string _token = "";

    /// <summary>Speaks to the Api as that account.</summary>
    public HttpClient Http => _http;

    /// <summary>A fresh account, so that neither quotas nor earlier caches are what is measured.</summary>
    public async Task SignUpAsync(CancellationToken cancellationToken)
    {
        _account = await BenchAccount.SignUpAsync(_http, cancellationToken);
        _token = _account.Token;
    }

    /// <summary>From the request until the deployment is seen to have succeeded.</summary>
    public async Task<TimeSpan> MeasureAsync(string repository, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var id = await StartAsync(repository, cancellationToken);
        await FollowAsync(id, (_, _) => { }, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        await CheckAsync(id, cancellationToken);
        return elapsed;
    }

    public async Task<Guid> StartAsync(string repository, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync("/api/deployments", new { repository, branch = "main" }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return response.IsSuccessStatusCode ? answer.GetProperty("id").GetGuid() : throw new InvalidOperationException($"The deployment was refused: {answer}");
    }

    /// <summary>What did not succeed must not be measured.</summary>
    public async Task CheckAsync(Guid id, CancellationToken cancellationToken)
    {
        var detail = await _http.GetFromJsonAsync<JsonElement>($"/api/deployments/{id}", cancellationToken);
        if (!string.Equals(detail.GetProperty("status").GetString(), "success", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"The deployment failed: {detail.GetProperty("error")}");
    }

    /// <summary>Reads the log until its end; the callback sees number and text of every line as it arrives.</summary>
    public async Task FollowAsync(Guid id, Action<long, string> line, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_token}");
        var address = new UriBuilder(api) { Scheme = api.Scheme == "https" ? "wss" : "ws", Path = $"/api/deployments/{id}/logs/stream" }.Uri;
        await socket.ConnectAsync(address, cancellationToken);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close) return;
                length += received.Count;
            }
            while (!received.EndOfMessage);
            using var frame = JsonDocument.Parse(buffer.AsMemory(0, length));
            var type = frame.RootElement.GetProperty("type").GetString();
            if (type == "deployment_complete") return;
            if (type == "log") line(frame.RootElement.GetProperty("seq").GetInt64(), frame.RootElement.GetProperty("message").GetString()!);
        }
    }

    public void Dispose() => _http.Dispose();
}
