namespace Platform.Api.Execution.Storage;

/// <summary>A stored run that this instance works on, and the ways to end it.</summary>
internal sealed class RunningExecution : IDisposable
{
    private readonly CancellationTokenSource _abandoned;
    private readonly Lock _lock = new();
    private PendingRun? _run;
    private bool _disposed;

    public RunningExecution(Guid id, Guid lease, CancellationToken stopping)
    {
        (Id, Lease) = (id, lease);
        _abandoned = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _abandoned.Token;
    }

    public Guid Id { get; }

    /// <summary>The name of this taking of it.</summary>
    public Guid Lease { get; }

    /// <summary>Cancelled when nothing of the run counts any more.</summary>
    public CancellationToken Token { get; }

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>It waits for an image, or has done so.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Its owner has taken it back.</summary>
    public bool WasCancelled { get; private set; }

    /// <summary>A run that it needs is about to be queued.</summary>
    public void Placed(PendingRun run)
    {
        lock (_lock)
        {
            _run = run;
            if (!WasCancelled) return;
        }

        _ = run.CancelAsync(CancellationToken.None);
    }

    public Task CancelAsync(CancellationToken cancellationToken)
    {
        PendingRun? run;
        lock (_lock)
        {
            WasCancelled = true;
            run = _run;
        }

        return run?.CancelAsync(cancellationToken) ?? Task.CompletedTask;
    }

    /// <summary>Somebody else has it, or it was deleted.</summary>
    public Task AbandonAsync()
    {
        lock (_lock)
        {
            return _disposed ? Task.CompletedTask : _abandoned.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_lock) _disposed = true;
        _abandoned.Dispose();
    }
}
