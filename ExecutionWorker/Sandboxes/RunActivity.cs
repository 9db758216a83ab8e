namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>
/// Whether somebody waits for a run just now. Starting and removing containers costs the processor more than a short run does, so both give way
/// to runs, and to the answers of runs that have just ended, for as long as they can afford it.
/// </summary>
internal sealed class RunActivity(TimeProvider time)
{
    /// <summary>How long an answer is on its way after its run.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private int _busy;
    private long _ended = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>Runs that hold or wait for a sandbox now.</summary>
    public int Busy => Volatile.Read(ref _busy);

    public bool IsQuiet => Busy == 0 && time.GetElapsedTime(Volatile.Read(ref _ended)) >= Settle;

    public void Began() => Interlocked.Increment(ref _busy);

    public void Ended()
    {
        Volatile.Write(ref _ended, time.GetTimestamp());
        Interlocked.Decrement(ref _busy);
    }

    /// <summary>Waits until it is quiet, at most for the given time.</summary>
    public async Task GiveWayAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!IsQuiet && time.GetElapsedTime(began) < most) await Task.Delay(Look, time, cancellationToken);
    }
}
