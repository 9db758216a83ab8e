namespace Platform.Core.Jobs;

/// <summary>
/// Runs one kind of job. A job may be started more than once (its worker died, its lease ran out): a handler loads the state,
/// moves it by compare-and-set and can be entered again.
/// </summary>
public interface IJobHandler<in TJob>
    where TJob : IJob
{
    /// <summary>
    /// Returns when the job is done. An exception means a failed attempt, which is retried with growing delay;
    /// <see cref="JobFailedException"/> means that no further attempt makes sense.
    /// </summary>
    /// <param name="job">The arguments.</param>
    /// <param name="context">This attempt.</param>
    /// <param name="cancellationToken">Cancelled when the attempt must end; <see cref="JobContext.StopReason"/> tells why.</param>
    Task HandleAsync(TJob job, JobContext context, CancellationToken cancellationToken);
}

/// <summary>Ends a job as a dead letter without further attempts.</summary>
public sealed class JobFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
