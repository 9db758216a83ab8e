namespace Platform.Core.Jobs;

/// <summary>Places jobs on queues and looks at them. Any process may; only the process that registered a handler runs them.</summary>
public interface IJobQueue
{
    /// <summary>Places a job. With <see cref="EnqueueOptions.JobId"/> given, a second call with the same id changes nothing.</summary>
    /// <returns>The id of the job.</returns>
    Task<Guid> EnqueueAsync<TJob>(TJob job, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
        where TJob : IJob;

    /// <summary>The job's current state, or null when it is not known (any more).</summary>
    Task<JobInfo?> FindAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop: a waiting one never starts, a running one sees its token cancelled with <see cref="JobStopReason.Cancelled"/>.</summary>
    /// <returns>False when the job is unknown or already over.</returns>
    Task<bool> CancelAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Jobs that used up their attempts, newest first, each with its last error.</summary>
    Task<IReadOnlyList<JobInfo>> ListDeadLettersAsync(string queue, int limit, CancellationToken cancellationToken);

    /// <summary>Puts a dead letter back on its queue with fresh attempts.</summary>
    /// <returns>False when there is no such dead letter.</returns>
    Task<bool> RetryDeadLetterAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>
    /// Where a job stands among those that wait on its queue, from 1, were they all to start in the order of now: by priority, then in turns
    /// of the fairness keys. Null when it does not wait.
    /// </summary>
    Task<int?> GetPositionAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>How many jobs wait and run on a queue.</summary>
    Task<QueueDepth> GetDepthAsync(string queue, CancellationToken cancellationToken);
}
