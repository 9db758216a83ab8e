namespace Platform.Core.Jobs;

/// <summary>What is known of a job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its kind, as in <see cref="IJob.Type"/>.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">How often it was started, not counting starts that ended because the worker was stopped in good order.</param>
/// <param name="MaxAttempts">How often it may be started.</param>
/// <param name="CreatedAt">When it was placed.</param>
/// <param name="Error">The last failure, when there was one.</param>
public sealed record JobInfo(
    Guid Id, string Type, string Queue, JobState State, int Attempt, int MaxAttempts, DateTimeOffset CreatedAt, string? Error);

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Waits for a worker or for its time.</summary>
    Queued,

    /// <summary>A worker holds its lease.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended because it was asked to.</summary>
    Cancelled,

    /// <summary>Used up its attempts; kept with its error.</summary>
    Dead,
}

/// <summary>How many jobs wait and run on a queue.</summary>
/// <param name="Queued">Jobs that wait, delayed ones included.</param>
/// <param name="Running">Jobs under a lease.</param>
public sealed record QueueDepth(int Queued, int Running);
