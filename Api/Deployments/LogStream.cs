using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data.Entities;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>
/// One viewer of one log. The database is the truth: the viewer subscribes, reads what is stored, then follows the bus, and reads again
/// where a number is missing. It has its own socket and its own buffer, so that it holds up nobody else.
/// </summary>
internal sealed class LogStream(WebSocket socket, Guid deploymentId, CurrentUser viewer, LogStreamServices services)
{
    private const int PageSize = 1000;
    private const int MaxIncoming = 4096;
    private const int BatchSize = 500;

    // Without an announcement for this long the rows are looked at: an announcement may be lost, a row not. So is whether the viewer
    // still may look.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(20_000)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.DropOldest,
    });

    // One signal is enough, however much has changed: whoever takes it looks at everything.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _last;
    private string? _status;
    private CancellationToken _signInEnd;
    private CancellationToken _sending;
    private (WebSocketCloseStatus Status, string? Reason) _end = (WebSocketCloseStatus.NormalClosure, "complete");

    /// <summary>Sends everything after <paramref name="after"/> until the deployment has ended, or the viewer may not look any more.</summary>
    public async Task RunAsync(long after, CancellationToken signInEnd, CancellationToken cancellationToken)
    {
        _last = after;
        _signInEnd = signInEnd;
        // A viewer that says goodbye ends what waits for something to send; a frame that is on its way is not broken off, which would cut the connection.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sending = sending.Token;
        var receiving = ReceiveAsync(ended, sending);
        var following = FollowAsync(ended.Token);
        try
        {
            await SendUntilEndAsync(ended.Token);
            await CloseAsync(cancellationToken);
            // Ending a pending read cuts the connection: the viewer gets time to answer the close.
            await receiving.WaitAsync(CloseTimeout, services.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or TimeoutException)
        {
            // The viewer has gone, or reads nothing any more.
            socket.Abort();
        }
        finally
        {
            await ended.CancelAsync();
            await sending.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendUntilEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAllAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (socket.State == WebSocketState.CloseReceived && !_sending.IsCancellationRequested)
        {
            // The viewer's own close is answered as it came.
            _end = (socket.CloseStatus ?? WebSocketCloseStatus.Empty, socket.CloseStatusDescription);
        }
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // The status first: what is stored after it was final is complete.
            var state = await ReadAsync((queries, token) => queries.ReadStateAsync(deploymentId, token), cancellationToken);
            if (state is null || !await services.Watch.IsStillAllowedAsync(viewer, state.OwnerId, AccessAction.Read, cancellationToken))
            {
                _end = (WebSocketCloseStatus.PolicyViolation, "access ended");
                return;
            }

            await SendStatusAsync(state, cancellationToken);
            await SendStoredAsync(cancellationToken);
            if (DeploymentStatus.IsFinal(state.Status))
            {
                await SendAsync(new CompleteFrame(state.Status, DurationText.Of(state.BuildDuration), state.Url), cancellationToken);
                return;
            }

            await SendLiveAsync(cancellationToken);
        }
    }

    /// <summary>Follows the bus until the deployment changes, a line is missing, or nothing has come for a while.</summary>
    private async Task SendLiveAsync(CancellationToken cancellationToken)
    {
        using var quiet = new CancellationTokenSource(LookInterval, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, _signInEnd, cancellationToken);
        var changed = _changes.Reader.ReadAsync(either.Token).AsTask();
        try
        {
            while (!changed.IsCompleted)
            {
                var readable = _lines.Reader.WaitToReadAsync(either.Token).AsTask();
                if (await Task.WhenAny(changed, readable) == changed) return;
                if (!await readable) return;
                for (var count = 0; count < BatchSize && _lines.Reader.TryRead(out var line); count++)
                {
                    if (line.Seq <= _last) continue;
                    if (line.Seq > _last + 1) return;
                    await SendLineAsync(line, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            await quiet.CancelAsync();
            await ((Task)changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendStoredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var lines = await ReadAsync((queries, token) => queries.ReadLinesAsync(deploymentId, _last, PageSize, token), cancellationToken);
            foreach (var line in lines) await SendLineAsync(line, cancellationToken);
            if (lines.Count < PageSize) return;
        }
    }

    private async Task SendLineAsync(LogLine line, CancellationToken cancellationToken)
    {
        await SendAsync(new LogLineFrame(line.Seq, line.Timestamp, line.Level, line.Message), cancellationToken);
        _last = line.Seq;
    }

    private async Task SendStatusAsync(DeploymentState state, CancellationToken cancellationToken)
    {
        if (state.Status == _status) return;
        _status = state.Status;
        await SendAsync(new StatusFrame(state.Status, CultureInfo.InvariantCulture.TextInfo.ToTitleCase(state.Status)), cancellationToken);
    }

    private async Task SendAsync(LogFrame frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(SendTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _sending);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, frame.GetType(), services.Json), WebSocketMessageType.Text, endOfMessage: true, either.Token);
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SendTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(_end.Status, _end.Reason, either.Token);
    }

    /// <summary>The subscribe frame says nothing that the address has not said; reading also notices that the viewer has gone.</summary>
    private async Task ReceiveAsync(CancellationTokenSource ended, CancellationTokenSource sending)
    {
        var buffer = new byte[MaxIncoming];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), sending.Token);
                if (received.MessageType == WebSocketMessageType.Close) break;
            }

            // Who leaves may still have to read what is on its way, and gets no more time for it than for the close.
            sending.CancelAfter(CloseTimeout);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            await sending.CancelAsync();
            throw;
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await ListenAsync(cancellationToken);
            // Meanwhile the viewer gets its lines a little later, from the rows.
            await Task.Delay(ListenAgainAfter, services.Time, cancellationToken);
        }
    }

    /// <summary>Listens until the bus breaks. What it then brings again is known by its number.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await using var lines = await services.Logs.SubscribeAsync(deploymentId, cancellationToken);
            await using var changes = await services.Events.SubscribeAsync<DeploymentChanged>(Topics.Deployment(deploymentId), cancellationToken);
            // What was announced before the subscriptions held is found in the rows.
            SignalChange();
            Task[] both = [CopyAsync(lines, broken.Token), SignalAsync(changes, broken.Token)];
            // One may break without the other.
            await Task.WhenAny(both);
            await broken.CancelAsync();
            await Task.WhenAll(both);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CopyAsync(ISubscription<LogLine> lines, CancellationToken cancellationToken)
    {
        await foreach (var line in lines.ReadAllAsync(cancellationToken)) _lines.Writer.TryWrite(line);
    }

    private async Task SignalAsync(ISubscription<Event<DeploymentChanged>> changes, CancellationToken cancellationToken)
    {
        await foreach (var _ in changes.ReadAllAsync(cancellationToken)) SignalChange();
    }

    private void SignalChange() => _changes.Writer.TryWrite(true);

    private async Task<T> ReadAsync<T>(Func<DeploymentQueries, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        // A viewer stays for minutes and must not hold a context, and with it a connection, for that long.
        await using var scope = services.Scopes.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DeploymentQueries>(), cancellationToken);
    }
}
