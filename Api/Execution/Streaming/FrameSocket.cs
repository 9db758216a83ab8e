using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Platform.Api.Execution.Streaming;

/// <summary>A caller's socket: whole frames in both directions, one at a time, none longer than allowed, and no waiting without end.</summary>
internal sealed class FrameSocket(WebSocket socket, JsonSerializerOptions json, int maxFrameBytes, TimeSpan sendTimeout, TimeProvider time) : IDisposable
{
    private const int FirstBuffer = 8 * 1024;

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);

    /// <summary>The next frame, or null when the caller has closed. Its payload is valid until the next call.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    /// <exception cref="FrameTooLongException">The frame is longer than allowed.</exception>
    public async ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            length += received.Count;
            if (length > maxFrameBytes) throw new FrameTooLongException();
            if (received.EndOfMessage) return new Frame(received.MessageType == WebSocketMessageType.Binary, _buffer.AsMemory(0, length));
        }
    }

    /// <summary>Sends a frame as JSON.</summary>
    public ValueTask SendAsync<T>(T frame, CancellationToken cancellationToken) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, json), isBinary: false, cancellationToken);

    /// <exception cref="WebSocketException">The caller is gone, or reads nothing any more.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, bool isBinary, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            var sending = socket.SendAsync(payload, isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            // Almost always it is done by now, and needs no timer.
            if (sending.IsCompletedSuccessfully) return;
            await sending.AsTask().WaitAsync(sendTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            socket.Abort();
            throw new WebSocketException(WebSocketError.Faulted, "The reader takes nothing any more.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says that nothing more comes; the caller answers by its own close, which is received as the end.</summary>
    public async Task CloseAsync(int status, string? reason, CancellationToken cancellationToken)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)status, reason, cancellationToken).WaitAsync(sendTimeout, time, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Answers a caller that has said goodbye; any other connection is just cut.</summary>
    public async Task LeaveAsync()
    {
        if (socket.State == WebSocketState.CloseReceived)
        {
            using var limit = new CancellationTokenSource(LeaveTimeout, time);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            socket.Abort();
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
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
