namespace Platform.Core.Jobs;

/// <summary>How one job is placed.</summary>
public sealed record EnqueueOptions
{
    /// <summary>The id the job shall have; makes placing it idempotent. Null: a new one.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The job does not start earlier than this from now. Null or zero: at once.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>How often the job is started before it becomes a dead letter; at least 1.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Its place among the waiting jobs of its queue.</summary>
    public JobPriority Priority { get; init; } = JobPriority.Normal;

    /// <summary>
    /// Whose job it is (an owner's id), at most 100 characters: a queue that is served with a limit per key takes turns between keys, so that
    /// nobody waits behind all jobs of one. Null: nobody's, not limited.
    /// </summary>
    public string? FairnessKey { get; init; }
}
