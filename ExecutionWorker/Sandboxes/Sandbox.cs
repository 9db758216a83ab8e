using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>A started, single-use sandbox whose supervisor waits for files and commands.</summary>
internal sealed class Sandbox(string containerId, SupervisorConnection connection, IContainerEngine engine) : IAsyncDisposable
{
    public string ContainerId { get; } = containerId;

    /// <summary>False when it broke while it waited.</summary>
    public bool IsAlive => connection.IsAlive;

    /// <summary>Sends files and a command in one piece, so that the program starts one hop after this call.</summary>
    public async Task StartAsync(IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> files, SandboxCommand command, CancellationToken cancellationToken)
    {
        using var frames = new MemoryStream();
        foreach (var frame in files.SelectMany(file => SupervisorProtocol.File(file.Path, file.Content))) frames.Write(frame);
        frames.Write(SupervisorProtocol.Command(command));
        await connection.SendAsync(frames.GetBuffer().AsMemory(0, (int)frames.Length), cancellationToken);
    }

    /// <summary>The caller keeps to the granted window.</summary>
    public ValueTask WriteStdinAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.Stdin(data.Span), cancellationToken);

    public ValueTask CloseStdinAsync(CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.StdinEnd(), cancellationToken);

    public ValueTask SignalAsync(byte number, CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.Signal(number), cancellationToken);

    /// <summary>Sends bytes as they are, for tests of the protocol.</summary>
    internal ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => connection.SendAsync(bytes, cancellationToken);

    /// <summary>Passes on the output of the started command until it ends.</summary>
    /// <exception cref="SandboxException">The sandbox broke.</exception>
    /// <exception cref="SandboxOutOfMemoryException">The kernel ended the whole sandbox for lack of memory.</exception>
    public async Task<SandboxExit> FollowAsync(ISandboxOutput output, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var frame = await connection.ReadAsync(cancellationToken);
                switch (frame.Type)
                {
                    case SupervisorFrameType.Stdout: await output.WriteAsync(isError: false, frame.Payload, cancellationToken); break;
                    case SupervisorFrameType.Stderr: await output.WriteAsync(isError: true, frame.Payload, cancellationToken); break;
                    case SupervisorFrameType.Window: await output.GrantAsync(frame.Payload, cancellationToken); break;
                    case SupervisorFrameType.Exit: return SupervisorProtocol.Exit(frame.Payload.Span);
                    default: throw new SandboxException($"The supervisor sent an unexpected frame ({frame.Type}).");
                }
            }
        }
        catch (SandboxException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // When nothing else is left to end, the kernel takes the supervisor.
            if (await engine.FindAsync(ContainerId, cancellationToken) is { OutOfMemory: true }) throw new SandboxOutOfMemoryException(exception);
            throw;
        }
    }

    /// <summary>Kills whatever runs in it and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The attached stream first: the engine does not end a container whose output nobody reads.
        await connection.DisposeAsync();
        await engine.RemoveAsync(ContainerId, CancellationToken.None);
    }
}

/// <summary>The kernel ended the whole sandbox for lack of memory.</summary>
internal sealed class SandboxOutOfMemoryException(Exception innerException) : Exception("The sandbox ran out of memory.", innerException);
