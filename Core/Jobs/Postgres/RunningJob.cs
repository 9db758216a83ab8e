namespace Platform.Core.Jobs.Postgres;

/// <summary>A claimed job in the hands of a handler. Its token is cancelled by itself when the lease was not renewed in time.</summary>
internal sealed class RunningJob : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _leaseEnd;
    private Task _stopped = Task.CompletedTask;
    private bool _disposed;

    /// <param name="job">What was claimed.</param>
    /// <param name="remaining">How long the lease certainly lasts from now.</param>
    /// <param name="time">The clock.</param>
    public RunningJob(ClaimedJob job, TimeSpan remaining, TimeProvider time)
    {
        Job = job;
        Context = new JobContext(job.Id, job.Number, job.MaxAttempts);
        _leaseEnd = time.CreateTimer(_ => Stop(JobStopReason.LeaseLost), null, NotNegative(remaining), Timeout.InfiniteTimeSpan);
    }

    public ClaimedJob Job { get; }

    public JobContext Context { get; }

    public CancellationToken Token => _stop.Token;

    /// <summary>Also when the handler had been told to stop for another reason before.</summary>
    public bool IsLeaseLost { get; private set; }

    public void Renewed(TimeSpan remaining)
    {
        lock (_gate)
        {
            if (!_disposed) _leaseEnd.Change(NotNegative(remaining), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Tells the handler to stop; its callbacks run elsewhere, so that one of them cannot hold up the caller.</summary>
    public void Stop(JobStopReason reason)
    {
        lock (_gate)
        {
            if (_disposed) return;
            IsLeaseLost |= reason == JobStopReason.LeaseLost;
            Context.Stop(reason);
            if (!_stop.IsCancellationRequested) _stopped = _stop.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _disposed = true;
        await _leaseEnd.DisposeAsync();
        await _stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TimeSpan NotNegative(TimeSpan value) => value > TimeSpan.Zero ? value : TimeSpan.Zero;
}
