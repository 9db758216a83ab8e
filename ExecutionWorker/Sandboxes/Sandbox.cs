using System.Diagnostics;
using Platform.Core.Containers;
using Platform.Core.Execution;
using TerminalSize = Platform.Core.Execution.TerminalSize;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>A single-use sandbox; once started, its supervisor waits for files and commands.</summary>
internal sealed class Sandbox(string containerId, SupervisorConnection connection, IContainerEngine engine, SandboxRegistry registry) : IAsyncDisposable
{
    public string ContainerId { get; } = containerId;

    /// <summary>How long a supervisor may be silent after the time of its command is over: it ends commands itself, and has little left to do then.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>It runs under <see cref="GuestKernel"/>.</summary>
    public bool HasGuestKernel { get; init; }

    /// <summary>False when it broke while it waited.</summary>
    public bool IsAlive => connection.IsAlive;

    /// <summary>Starts what was only created; true once its supervisor is ready, false: it is of another version.</summary>
    /// <exception cref="ContainerEngineException">The engine refused.</exception>
    /// <exception cref="SandboxException">It broke.</exception>
    public async Task<bool> BootAsync(CancellationToken cancellationToken)
    {
        await engine.StartAsync(ContainerId, cancellationToken);
        var frame = await connection.ReadAsync(cancellationToken);
        if (frame.Type != SupervisorFrameType.Ready || !SupervisorProtocol.IsUnderstood(frame.Payload.Span)) return false;
        connection.ReadAhead();
        return true;
    }

    /// <summary>Lowers what the whole sandbox may use, by the engine; what is null stays.</summary>
    /// <exception cref="ContainerEngineException">The engine refused.</exception>
    public Task LimitAsync(ContainerLimits limits, CancellationToken cancellationToken) =>
        engine.UpdateAsync(ContainerId, HasGuestKernel ? GuestKernel.Around(limits) : limits, cancellationToken);

    /// <summary>Sends what was put together in one piece, so that a program starts one hop after this call.</summary>
    /// <exception cref="SandboxSilentException">The supervisor does not take it.</exception>
    public async ValueTask SendAsync(SupervisorBatch batch, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Grace);
        try
        {
            await connection.SendAsync(batch.Frames, silence.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxSilentException();
        }
    }

    /// <summary>Sends files and a command in one piece.</summary>
    public async Task StartAsync(IEnumerable<RunFile> files, SandboxCommand command, CancellationToken cancellationToken)
    {
        using var batch = new SupervisorBatch();
        await SendAsync(batch.Add(files).Add(SupervisorProtocol.Command(command)), cancellationToken);
    }

    /// <summary>The caller keeps to the granted window.</summary>
    public ValueTask WriteStdinAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.Stdin(data.Span), cancellationToken);

    public ValueTask CloseStdinAsync(CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.StdinEnd(), cancellationToken);

    public ValueTask SignalAsync(byte number, CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.Signal(number), cancellationToken);

    public ValueTask ResizeAsync(TerminalSize size, CancellationToken cancellationToken) =>
        connection.SendAsync(SupervisorProtocol.Resize(size), cancellationToken);

    /// <summary>Sends bytes as they are, for tests of the protocol.</summary>
    internal ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => connection.SendAsync(bytes, cancellationToken);

    /// <summary>Passes on the output of the started command until it ends.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="longest">The time of the command; the supervisor ends it by itself.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SandboxException">The sandbox broke.</exception>
    /// <exception cref="SandboxSilentException">The supervisor reports nothing though that time is over.</exception>
    /// <exception cref="SandboxOutOfMemoryException">The kernel ended the whole sandbox for lack of memory.</exception>
    public async Task<SandboxExit> FollowAsync(ISandboxOutput output, TimeSpan longest, CancellationToken cancellationToken)
    {
        // Only waiting for the sandbox counts: a reader of the output may be as slow as it likes.
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                var left = longest - Stopwatch.GetElapsedTime(began);
                silence.CancelAfter((left > TimeSpan.Zero ? left : TimeSpan.Zero) + Grace);
                var frame = await connection.ReadAsync(silence.Token);
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
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
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxSilentException();
        }
        catch (SandboxException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // When nothing else is left to end, the kernel takes the supervisor.
            var state = await engine.FindAsync(ContainerId, cancellationToken);
            if (state is { OutOfMemory: true } || (HasGuestKernel && state is not null && GuestKernel.RanOutOfMemory(state))) throw new SandboxOutOfMemoryException(exception);
            throw;
        }
    }

    /// <summary>Kills whatever runs in it and removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The attached stream first: the engine does not end a container whose output nobody reads.
        await connection.DisposeAsync();
        try
        {
            await engine.RemoveAsync(ContainerId, CancellationToken.None);
        }
        finally
        {
            // What could not be removed is unwanted from here on: the leak detector takes it.
            registry.Forget(ContainerId);
        }
    }
}

/// <summary>The supervisor takes nothing any more, or did not report the end of a command whose time is over.</summary>
internal sealed class SandboxSilentException() : Exception("The sandbox did not answer any more.");

/// <summary>The kernel ended the whole sandbox for lack of memory.</summary>
internal sealed class SandboxOutOfMemoryException(Exception innerException) : Exception("The sandbox ran out of memory.", innerException);
