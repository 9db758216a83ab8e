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
    /// <see cref="JobFailedException"/> means that no further attempt makes sense. A handler that is told to stop lets the
    /// <see cref="OperationCanceledException"/> escape: returning normally while the process stops counts as done.
    /// </summary>
    /// <param name="job">The arguments.</param>
    /// <param name="context">This attempt.</param>
    /// <param name="cancellationToken">Cancelled when the attempt must end; <see cref="JobContext.StopReason"/> tells why.</param>
    Task HandleAsync(TJob job, JobContext context, CancellationToken cancellationToken);

    /// <summary>
    /// The job used up its attempts and becomes a dead letter: the place to bring what it worked on to an end. Called under the job's lease,
    /// also when the last worker died without a word, and again when the process dies in the middle of it.
    /// </summary>
    /// <param name="job">The arguments.</param>
    /// <param name="context">The last attempt.</param>
    /// <param name="error">The last failure, as it will stand in <see cref="JobInfo.Error"/>.</param>
    /// <param name="cancellationToken">Cancelled when the lease is lost or the process stops.</param>
    Task OnDeadAsync(TJob job, JobContext context, string error, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Ends a job as a dead letter without further attempts.</summary>
public sealed class JobFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
