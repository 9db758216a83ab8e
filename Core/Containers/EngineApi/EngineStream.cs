using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Platform.Core.Containers.EngineApi;

/// <summary>
/// An attached process over a raw connection. Without a terminal the engine sends frames: one byte of stream number, three of
/// nothing, four of length (big endian), then the data. A frame may arrive in any number of pieces.
/// </summary>
internal class EngineStream(EngineUpgrade connection, bool multiplexed) : IContainerStream
{
    private const int HeaderSize = 8;

    private readonly Socket _socket = connection.Socket;
    private readonly byte[] _buffer = connection.Buffer;
    private int _start = connection.Start;
    private int _end = connection.End;
    private uint _remaining;
    private OutputKind _kind;
    private int _disposed;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await EngineUpgrade.SendAllAsync(_socket, data, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new ContainerEngineException(ContainerEngineError.Conflict, "The process no longer reads its input.", exception);
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The process has ended and the engine has closed its side: there is no input left to close.
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<OutputChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty) throw new ArgumentException("There must be room for output.", nameof(buffer));
        if (!multiplexed) return new OutputChunk(OutputKind.Stdout, await TakeAsync(buffer, cancellationToken));

        while (_remaining == 0)
        {
            if (!await ReadHeaderAsync(cancellationToken)) return default;
        }

        var length = await TakeAsync(buffer[..(int)Math.Min((uint)buffer.Length, _remaining)], cancellationToken);
        if (length == 0 && _disposed == 0) throw Truncated();
        _remaining -= (uint)length;
        return new OutputChunk(_kind, length);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _socket.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(HeaderSize, cancellationToken)) return false;
        var stream = _buffer[_start];
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 4, 4));
        _start += HeaderSize;
        if (stream > 2) throw await EngineFailureAsync(length, cancellationToken);
        _kind = stream == 2 ? OutputKind.Stderr : OutputKind.Stdout;
        _remaining = length;
        return true;
    }

    /// <summary>Frames of the number 3 carry the engine's own complaint.</summary>
    private async Task<ContainerEngineException> EngineFailureAsync(uint length, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(length, 8 * 1024);
        await FillAsync(size, cancellationToken);
        return new ContainerEngineException(ContainerEngineError.Failed, Encoding.UTF8.GetString(_buffer, _start, Math.Min(size, _end - _start)));
    }

    /// <summary>Hands out buffered bytes, else receives straight into the caller's buffer when that saves a copy.</summary>
    private async ValueTask<int> TakeAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            if (destination.Length >= _buffer.Length) return await ReceiveAsync(destination, cancellationToken);
            _start = _end = 0;
            _end = await ReceiveAsync(_buffer, cancellationToken);
        }

        var length = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, length).CopyTo(destination.Span);
        _start += length;
        return length;
    }

    /// <summary>Makes at least <paramref name="count"/> bytes available; false at a clean end.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            var received = await ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
            if (received == 0)
            {
                if (_end == _start || _disposed != 0) return false;
                throw Truncated();
            }

            _end += received;
        }

        return true;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Whoever disposed it wants no more output: that is the end, not a failure.
            if (_disposed != 0) return 0;
            throw new ContainerEngineException(ContainerEngineError.Unavailable, "The connection to the container engine was lost.", exception);
        }
    }

    private static ContainerEngineException Truncated() =>
        new(ContainerEngineError.Unavailable, "The connection to the container engine ended in the middle of a frame.");
}
