using System.Buffers.Binary;
using System.Text;
using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>The frames of one supervisor over the container's attached streams. One reader, one writer at a time.</summary>
internal sealed class SupervisorConnection(IContainerStream stream) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StringBuilder _diagnostics = new();
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private Task<SupervisorFrame>? _ahead;

    /// <summary>False once the supervisor has gone away while nothing was asked of it.</summary>
    public bool IsAlive => _ahead is not { IsCompleted: true };

    /// <summary>Sends whole frames; several at once save round trips.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(frames, cancellationToken);
        }
        catch (ContainerEngineException exception)
        {
            throw new SandboxException("The sandbox takes no input any more.", exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits for the next frame already, so that <see cref="IsAlive"/> tells the truth.</summary>
    public void ReadAhead() => _ahead = ReadFrameAsync(CancellationToken.None).AsTask();

    /// <summary>The next frame; its payload is valid until the next call.</summary>
    /// <exception cref="SandboxException">There is none: the supervisor ended, or reported an error.</exception>
    public async ValueTask<SupervisorFrame> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ahead is not { } ahead) return await ReadFrameAsync(cancellationToken);
        var frame = await ahead.WaitAsync(cancellationToken);
        _ahead = null;
        return frame;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (_ahead is { } ahead) await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writing.Dispose();
    }

    private async ValueTask<SupervisorFrame> ReadFrameAsync(CancellationToken cancellationToken)
    {
        SupervisorFrame frame;
        while (!TryTake(out frame))
        {
            MakeRoom();
            var chunk = await ReadChunkAsync(cancellationToken);
            if (chunk.Length == 0) throw new SandboxException("The sandbox ended without an exit report." + _diagnostics);
            if (chunk.Kind == OutputKind.Stdout) _end += chunk.Length;
            else _diagnostics.Append(' ').Append(Encoding.UTF8.GetString(_buffer, _end, chunk.Length));
        }

        return frame.Type == SupervisorFrameType.Error
            ? throw new SandboxException($"The sandbox reports: {Encoding.UTF8.GetString(frame.Payload.Span)}")
            : frame;
    }

    private async ValueTask<OutputChunk> ReadChunkAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (ContainerEngineException exception)
        {
            throw new SandboxException("The connection to the sandbox broke.", exception);
        }
    }

    private bool TryTake(out SupervisorFrame frame)
    {
        frame = default;
        if (_end - _start < SupervisorProtocol.HeaderSize) return false;
        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (length is < 0 or > SupervisorProtocol.MaxPayload) throw new SandboxException("The supervisor sent a frame that is too long.");
        var size = SupervisorProtocol.HeaderSize + length;
        if (_end - _start < size)
        {
            if (_buffer.Length < size) Array.Resize(ref _buffer, SupervisorProtocol.HeaderSize + SupervisorProtocol.MaxPayload);
            return false;
        }

        frame = new SupervisorFrame((SupervisorFrameType)_buffer[_start], _buffer.AsMemory(_start + SupervisorProtocol.HeaderSize, length));
        _start += size;
        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        if (_end < _buffer.Length) return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }
}

internal enum SupervisorFrameType : byte
{
    Ready = (byte)'r',
    Stdout = (byte)'o',
    Stderr = (byte)'e',
    Window = (byte)'w',
    Exit = (byte)'x',
    Error = (byte)'!',
}

internal readonly record struct SupervisorFrame(SupervisorFrameType Type, ReadOnlyMemory<byte> Payload);
