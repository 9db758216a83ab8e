using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Platform.Core.Execution;
using Platform.Core.Jobs;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Opens the socket to the Api instance that waits for a run.</summary>
internal sealed class RunConnector(IOptions<ExecutionWorkerOptions> options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    // One handler for all: a new one per socket costs milliseconds.
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    /// <summary>The open socket, or null when that instance does not know the run any more.</summary>
    /// <exception cref="WebSocketException">It cannot be reached.</exception>
    public async Task<WebSocket?> ConnectAsync(RunCodeJob job, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"{RunChannel.AuthorizationScheme} {job.Token}");
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = KeepAlive * 2;
        socket.Options.CollectHttpResponseDetails = true;
        using var timeout = new CancellationTokenSource(options.Value.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(job.Callback, _invoker, either.Token);
            return socket;
        }
        catch (Exception exception)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (status is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Gone) return null;
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new WebSocketException(WebSocketError.Faulted, $"No answer within {options.Value.ConnectTimeout}.", exception);
            throw;
        }
    }

    public void Dispose() => _invoker.Dispose();
}
