using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Docker.DotNet;

namespace Platform.Core.Containers.DockerDotNet;

/// <summary>An attached process over the package's stream.</summary>
internal class DockerDotNetStream(MultiplexedStream stream) : IContainerStream
{
    private int _disposed;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            if (MemoryMarshal.TryGetArray(data, out var array))
            {
                await stream.WriteAsync(array.Array!, array.Offset, array.Count, cancellationToken);
                return;
            }

            await stream.WriteAsync(data.ToArray(), 0, data.Length, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            throw new ContainerEngineException(ContainerEngineError.Conflict, "The process no longer reads its input.", exception);
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        try
        {
            stream.CloseWrite();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The process has ended and the engine has closed its side: there is no input left to close.
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<OutputChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty) throw new ArgumentException("There must be room for output.", nameof(buffer));
        if (MemoryMarshal.TryGetArray<byte>(buffer, out var array)) return await ReadAsync(array, cancellationToken);

        var rented = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var chunk = await ReadAsync(new ArraySegment<byte>(rented, 0, buffer.Length), cancellationToken);
            rented.AsSpan(0, chunk.Length).CopyTo(buffer.Span);
            return chunk;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) stream.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<OutputChunk> ReadAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var read = await stream.ReadOutputAsync(buffer.Array!, buffer.Offset, buffer.Count, cancellationToken);
            return new OutputChunk(read.Target == MultiplexedStream.TargetStream.StandardError ? OutputKind.Stderr : OutputKind.Stdout, read.Count);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or NullReferenceException && _disposed != 0)
        {
            // Whoever disposed it wants no more output: that is the end, not a failure.
            return default;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new ContainerEngineException(ContainerEngineError.Unavailable, "The connection to the container engine was lost.", exception);
        }
    }
}
