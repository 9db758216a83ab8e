namespace Platform.Core.Jobs.Postgres;

/// <summary>Wakes one waiting loop; signals that nobody waits for are kept as one.</summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _set;

    public void Set()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0) _semaphore.Release();
    }

    /// <summary>Returns at a signal or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await _semaphore.WaitAsync(timeout, cancellationToken)) Volatile.Write(ref _set, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
