using System.Net;
using System.Net.Sockets;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>A host of repositories that takes connections and says nothing.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TcpClient> _clients = [];
    private Task _accepting = Task.CompletedTask;

    public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/owner/repository.git";

    /// <summary>Somebody has connected.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromMinutes(2));

    public static Task<SilentServer> StartAsync()
    {
        var server = new SilentServer();
        server._listener.Start();
        server._accepting = server.AcceptAsync();
        return Task.FromResult(server);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients) client.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _clients.Add(await _listener.AcceptTcpClientAsync());
            _asked.TrySetResult();
        }
    }
}
