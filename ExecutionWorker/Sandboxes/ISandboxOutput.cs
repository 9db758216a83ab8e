namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Takes what a command prints, as it comes. Waiting here slows the program, not the worker.</summary>
internal interface ISandboxOutput
{
    ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>So many more bytes of input may be sent.</summary>
    ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken);
}
