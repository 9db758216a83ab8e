using Hangfire;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Hangfire;

/// <summary>Tells the runners of this process that it stops.</summary>
internal sealed class HangfireStopping : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;

    public Task StopAsync() => _source.CancelAsync();

    public void Dispose() => _source.Dispose();
}

/// <summary>What Hangfire calls. The method is public because Hangfire calls no other.</summary>
internal sealed class HangfireJobRunner(
    PostgresJobStore store,
    RunningJobs running,
    JobExecutor executor,
    JobFinisher finisher,
    HangfireDelivery delivery,
    HangfireStopping stopping,
    IOptions<JobOptions> options,
    TimeProvider time)
{
    /// <param name="type">Shown on the dashboard.</param>
    /// <param name="jobId">The row in our table.</param>
    /// <param name="cancellationToken">Cancelled by Hangfire when its server stops or somebody deletes the job on the dashboard.</param>
    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("{0} {1}")]
    public Task RunAsync(string type, Guid jobId, CancellationToken cancellationToken) =>
        // Away from Hangfire's synchronization context, which is no longer served once its token is cancelled.
        Task.Run(() => RunClaimedAsync(jobId, cancellationToken), CancellationToken.None);

    private async Task RunClaimedAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var claimed = await store.ClaimOneAsync(jobId, CancellationToken.None);
        if (claimed is null)
        {
            // Done, cancelled or with another worker; or the clocks of scheduler and database differ and it came too early.
            var waiting = await store.FindWaitingAsync(jobId, CancellationToken.None);
            await delivery.DeliverAsync(waiting, CancellationToken.None);
            return;
        }

        await using var job = new RunningJob(claimed, options.Value.Lease - time.GetElapsedTime(asked), time);
        running.Add(job);
        try
        {
            await using var stop = stopping.Token.Register(() => job.Stop(JobStopReason.ShuttingDown));
            await using var delete = cancellationToken.Register(
                () => job.Stop(stopping.Token.IsCancellationRequested ? JobStopReason.ShuttingDown : JobStopReason.Cancelled));
            var outcome = await executor.RunAsync(claimed.Attempt, job.Context, job.Token);
            var again = await finisher.FinishAsync(job, outcome);
            if (again is not null)
            {
                await delivery.DeliverAsync(
                    [new JobDelivery(claimed.Id, claimed.Attempt.Type, claimed.Attempt.Queue, (JobPriority)claimed.Priority, again.Value)],
                    CancellationToken.None);
            }

            // So that the dashboard shows it among the failed ones; its retry is a job of its own there.
            if (outcome.Kind is JobOutcomeKind.Failed or JobOutcomeKind.Dead) throw new JobFailedException(outcome.Error ?? outcome.Name);
        }
        finally
        {
            running.Remove(job);
        }
    }
}
