namespace Platform.Api.Execution;

/// <summary>When a worker last took or ended a run of this instance: tells a busy queue from one that nobody serves.</summary>
internal sealed class WorkerContact(TimeProvider time)
{
    private long _last = long.MinValue;

    public void Touch() => Volatile.Write(ref _last, time.GetTimestamp());

    public bool IsWithin(TimeSpan span) => Volatile.Read(ref _last) is var last && last != long.MinValue && time.GetElapsedTime(last) < span;
}
