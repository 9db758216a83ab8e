using System.Net;
using System.Net.Sockets;
using Platform.AppHost.Local.Logs;

namespace Platform.AppHost.Local.Networking;

/// <summary>
/// Shares one loopback port among the processes of a project: each connection goes to the next one that is ready. It copies bytes,
/// so that WebSockets and everything else pass unchanged.
/// </summary>
internal sealed class TcpBalancer(int port, Func<IReadOnlyList<int>> readyPorts, LogBuffer log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Task> _acceptors = [];
    private int _next = -1;

    public void Start()
    {
        Listen(IPAddress.Loopback, required: true);
        if (Socket.OSSupportsIPv6) Listen(IPAddress.IPv6Loopback, required: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        await Task.WhenAll(_acceptors);
        _stop.Dispose();
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await from.ReceiveAsync(buffer.AsMemory(), cancellationToken)) > 0)
        {
            var sent = 0;
            while (sent < count) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
        }

        // The other direction may still carry an answer.
        to.Shutdown(SocketShutdown.Send);
    }

    private void Listen(IPAddress address, bool required)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start(512);
        }
        catch (SocketException exception) when (!required && exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            listener.Dispose();
            return;
        }

        _listeners.Add(listener);
        _acceptors.Add(AcceptAsync(listener));
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // A client that gave up while it was being accepted concerns nobody else.
                log.Append($"balancer: a connection was not accepted: {exception.SocketErrorCode}", isError: true);
                continue;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await ConnectAsync();
                if (server is null)
                {
                    log.Append("balancer: no process is ready, the connection was closed", isError: true);
                    return;
                }

                client.NoDelay = true;
                using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var upload = CopyAsync(client, server, both.Token);
                var download = CopyAsync(server, client, both.Token);
                var first = await Task.WhenAny(upload, download);
                // A reset on one side ends both; an orderly end leaves the other direction open.
                if (!first.IsCompletedSuccessfully) await both.CancelAsync();
                await Task.WhenAll(upload, download);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A reset or the end of the host: both sockets are closed, which is all that either side needs to know.
                client.Close(0);
            }
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        var ports = readyPorts();
        for (var attempt = 0; attempt < ports.Count; attempt++)
        {
            var index = (int)((uint)Interlocked.Increment(ref _next) % (uint)ports.Count);
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, ports[index], _stop.Token);
                return socket;
            }
            catch (SocketException)
            {
                // It went away since its last health check: the next one takes the connection.
                socket.Dispose();
            }
        }

        return null;
    }
}
