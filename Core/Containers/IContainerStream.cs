namespace Platform.Core.Containers;

/// <summary>An attached process: what it reads and what it writes. Dispose closes the connection, not the process.</summary>
public interface IContainerStream : IAsyncDisposable
{
    /// <summary>Writes to standard input.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Closes standard input; output goes on.</summary>
    ValueTask CloseInputAsync(CancellationToken cancellationToken);

    /// <summary>Reads the next piece of output. A length of 0 is the end. With a terminal everything is <see cref="OutputKind.Stdout"/>.</summary>
    ValueTask<OutputChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>Another process in a running container. Disposing does not kill it.</summary>
public interface IContainerExec : IContainerStream
{
    Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken);

    /// <summary>Its exit code; call after the output has ended.</summary>
    Task<int> GetExitCodeAsync(CancellationToken cancellationToken);
}

/// <summary>A piece of output that was read into the caller's buffer.</summary>
public readonly record struct OutputChunk(OutputKind Kind, int Length);

/// <summary>Which output.</summary>
public enum OutputKind
{
    Stdout,
    Stderr,
}
