using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Writes how a job ended, as long as its lease is ours.</summary>
internal sealed partial class JobFinisher(
    PostgresJobStore store, JobHandlerRegistry registry, IOptions<JobOptions> options, TimeProvider time, ILogger<JobFinisher> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>The delay until the job may start again, when it goes back to its queue; otherwise null.</returns>
    public async Task<TimeSpan?> FinishAsync(RunningJob running, JobOutcome outcome)
    {
        var job = running.Job;
        var delay = RetryDelay.After(job.Number, options.Value, Random.Shared.NextDouble());
        while (outcome.Kind != JobOutcomeKind.LeaseLost && !running.IsLeaseLost)
        {
            try
            {
                if (await store.CompleteAsync(job, outcome, delay, IsDurable(job), CancellationToken.None)) return Again(outcome, delay);
                break;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                // The database may be back before the lease ends: what was done need not be done again.
                Log.NotWritten(logger, job.Id, outcome.Name, exception.Message);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }

        Log.LeaseLost(logger, job.Attempt.Type, job.Id);
        return null;
    }

    private static TimeSpan? Again(JobOutcome outcome, TimeSpan delay) => outcome.Kind switch
    {
        JobOutcomeKind.Failed => delay,
        JobOutcomeKind.Released => TimeSpan.Zero,
        _ => null,
    };

    private bool IsDurable(ClaimedJob job) => registry.Find(job.Attempt.Type)?.IsDurable ?? true;

    private static partial class Log
    {
        [LoggerMessage(2010, LogLevel.Warning, "{Type} {JobId}: the lease was lost, what this worker did with it does not count")]
        public static partial void LeaseLost(ILogger logger, string type, Guid jobId);

        [LoggerMessage(2011, LogLevel.Warning, "Job {JobId}: its end ({Outcome}) could not be written yet: {Reason}")]
        public static partial void NotWritten(ILogger logger, Guid jobId, string outcome, string reason);
    }
}
