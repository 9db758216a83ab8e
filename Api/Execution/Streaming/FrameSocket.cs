using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Platform.Api.Execution.Streaming;

/// <summary>
/// A caller's socket: whole frames in both directions, one at a time, none longer than allowed, and no waiting without end. A token that is given here
/// ends the waiting and nothing else: to cancel a read or a write of the connection would reset it, and a reset takes from the caller what it has not
/// read yet. Whoever owns it ends it by <see cref="LeaveAsync"/>.
/// </summary>
internal sealed class FrameSocket(WebSocket socket, JsonSerializerOptions json, int maxFrameBytes, TimeSpan sendTimeout, TimeProvider time) : IDisposable
{
    private const int FirstBuffer = 8 * 1024;

    // A caller that is told the end has so long to read it and to answer.
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private readonly Lock _lock = new();
    private Task<Frame?>? _receiving;
    private Task? _ending;
    private volatile bool _ended;

    /// <summary>The next frame, or null when one of both sides has ended. Its payload is valid until the next call.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    /// <exception cref="FrameTooLongException">The frame is longer than allowed.</exception>
    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_ended) return null;
        var frame = await WaitForFrameAsync(cancellationToken);
        return _ended ? null : frame;
    }

    /// <summary>Sends a frame as JSON.</summary>
    public ValueTask SendAsync<T>(T frame, CancellationToken cancellationToken) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, json), isBinary: false, cancellationToken);

    /// <summary>Sends a frame. When it ends early the payload may still be in use.</summary>
    /// <exception cref="WebSocketException">The caller is gone or reads nothing any more, or the end has been told.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, bool isBinary, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        var sending = Begin(() => _ended ? throw new WebSocketException(WebSocketError.InvalidState) : WriteAsync(payload, isBinary));
        // Almost always it is done by now, and needs no timer.
        if (!sending.IsCompletedSuccessfully) await WaitForSendAsync(sending, cancellationToken);
    }

    /// <summary>Tells the end. What the caller sends from now on is read and dropped, so that it comes to read this.</summary>
    /// <param name="last">A frame before the close; null: none.</param>
    /// <param name="status">Code of the close.</param>
    /// <param name="reason">Its words.</param>
    /// <exception cref="WebSocketException">The caller is gone, or reads nothing any more.</exception>
    public Task EndAsync(object? last, int status, string? reason)
    {
        lock (_lock)
        {
            // The first end counts; whoever comes later waits for it.
            if (_ending is not null) return _ending;
            _ended = true;
            return _ending = WriteEndAsync(last, (WebSocketCloseStatus)status, reason);
        }
    }

    /// <summary>Leaves the connection, whatever state it is in: tells the end where that was not done, and waits for the caller's answer, for a short while.</summary>
    public async Task LeaveAsync()
    {
        var dropping = DropAsync();
        try
        {
            // An open one is left in mid-run only when this process stops.
            var status = socket.State == WebSocketState.Open ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure;
            await EndAsync(last: null, (int)status, reason: null);
            await dropping.WaitAsync(LeaveTimeout, time);
        }
        catch (Exception exception) when (exception is WebSocketException or TimeoutException)
        {
            // It is gone already, or took no notice.
            socket.Abort();
            await dropping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async Task<Frame?> WaitForFrameAsync(CancellationToken cancellationToken)
    {
        Task<Frame?> receiving;
        // One that an earlier call no longer waits for goes on.
        lock (_lock) receiving = _receiving ??= ReadAsync();
        try
        {
            return await receiving.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                if (receiving.IsCompleted && _receiving == receiving) _receiving = null;
            }
        }
    }

    private async Task DropAsync()
    {
        Frame? frame = default(Frame);
        while (frame is not null)
        {
            try
            {
                frame = await WaitForFrameAsync(CancellationToken.None);
            }
            catch (FrameTooLongException)
            {
                // Read before the end was told.
                continue;
            }
        }
    }

    private async Task<Frame?> ReadAsync()
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            // Nothing is kept of what no longer counts, however long it is.
            length = _ended ? 0 : length + received.Count;
            if (length > maxFrameBytes) throw new FrameTooLongException();
            if (received.EndOfMessage) return new Frame(received.MessageType == WebSocketMessageType.Binary, _buffer.AsMemory(0, length));
        }
    }

    private Task WriteAsync(ReadOnlyMemory<byte> payload, bool isBinary) => socket.SendAsync(
        payload, isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).AsTask();

    private async Task WriteEndAsync(object? last, WebSocketCloseStatus status, string? reason)
    {
        await Task.Yield();
        _ = DropAsync();
        await WaitForSendAsync(SendEndAsync(last, status, reason), CancellationToken.None);
    }

    private async Task SendEndAsync(object? last, WebSocketCloseStatus status, string? reason)
    {
        await _sending.WaitAsync();
        await Begin(async () =>
        {
            if (last is not null) await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(last, json), isBinary: false);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(status, reason, CancellationToken.None);
        });
    }

    /// <summary>Begins to send, and lets the next one begin when that has ended.</summary>
    private Task Begin(Func<Task> send)
    {
        Task sending;
        try
        {
            sending = send();
        }
        catch (Exception exception)
        {
            sending = Task.FromException(exception);
        }

        if (sending.IsCompleted) Release();
        else _ = sending.ContinueWith(_ => Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return sending;
    }

    private void Release()
    {
        try
        {
            _sending.Release();
        }
        catch (ObjectDisposedException)
        {
            // Broken off after the socket had been left.
            return;
        }
    }

    private async Task WaitForSendAsync(Task sending, CancellationToken cancellationToken)
    {
        try
        {
            await sending.WaitAsync(sendTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            socket.Abort();
            throw new WebSocketException(WebSocketError.Faulted, "The reader takes nothing any more.", exception);
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>What a caller sent.</summary>
internal readonly record struct Frame(bool IsBinary, ReadOnlyMemory<byte> Payload);

/// <summary>A frame is longer than allowed.</summary>
internal sealed class FrameTooLongException() : Exception("A frame is too long.");
