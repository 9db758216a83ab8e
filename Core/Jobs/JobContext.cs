namespace Platform.Core.Jobs;

/// <summary>One attempt of a job.</summary>
public sealed class JobContext(Guid jobId, int attempt, int maxAttempts)
{
    private int _stopReason;

    /// <summary>Id of the job.</summary>
    public Guid JobId { get; } = jobId;

    /// <summary>This attempt, from 1.</summary>
    public int Attempt { get; } = attempt;

    /// <summary>How many attempts there are.</summary>
    public int MaxAttempts { get; } = maxAttempts;

    /// <summary>True when a failure of this attempt makes the job a dead letter.</summary>
    public bool IsLastAttempt => Attempt >= MaxAttempts;

    /// <summary>Why the token was cancelled; meaningful only once it is. The first reason stays.</summary>
    public JobStopReason StopReason => (JobStopReason)Volatile.Read(ref _stopReason);

    /// <summary>Set by the engine just before it cancels the attempt's token.</summary>
    public void Stop(JobStopReason reason) => Interlocked.CompareExchange(ref _stopReason, (int)reason, (int)JobStopReason.None);
}

/// <summary>Why an attempt must end early.</summary>
public enum JobStopReason
{
    /// <summary>It need not.</summary>
    None,

    /// <summary>Somebody asked for it by <see cref="IJobQueue.CancelAsync"/>; the job ends as cancelled.</summary>
    Cancelled,

    /// <summary>The lease was lost: another worker may be running the job, so nothing may be written any more.</summary>
    LeaseLost,

    /// <summary>This process stops; the job goes back to its queue at once and does not lose an attempt.</summary>
    ShuttingDown,
}
