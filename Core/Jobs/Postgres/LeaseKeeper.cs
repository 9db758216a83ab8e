using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Renews the leases of this process and takes care of those that nobody renews any more.</summary>
internal sealed partial class LeaseKeeper(
    JobHandlerRegistry registry,
    PostgresJobStore store,
    RunningJobs running,
    JobExecutor executor,
    JobFinisher finisher,
    IJobDelivery delivery,
    JobSignals signals,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<LeaseKeeper> logger)
{
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _third = options.Value.Lease / 3;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(RenewAsync(cancellationToken), TidyAsync(cancellationToken));

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var wake = new WakeSignal();
        // A request to stop that was missed while the connection was down stands in the rows.
        using var subscription = signals.Subscribe(new JobSignalHandlers { Listening = wake.Set });
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var renewed = await AttemptAsync(RenewOnceAsync, cancellationToken);
                await wake.WaitAsync(renewed ? _third : _third / 10, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var jobs = running.All;
        if (jobs.Count == 0) return;
        var asked = time.GetTimestamp();
        var held = await store.RenewAsync([.. jobs.Select(job => job.Job)], cancellationToken);
        foreach (var job in jobs)
        {
            if (!held.TryGetValue(job.Job.Id, out var cancelRequested)) job.Stop(JobStopReason.LeaseLost);
            else if (cancelRequested) job.Stop(JobStopReason.Cancelled);
            // Counted from before the statement: the server's lease never ends before ours.
            if (held.ContainsKey(job.Job.Id)) job.Renewed(options.Value.Lease - time.GetElapsedTime(asked));
        }
    }

    private async Task TidyAsync(CancellationToken cancellationToken)
    {
        var queues = registry.Workers.Select(worker => worker.Queue).Distinct().ToArray();
        var types = queues.SelectMany(registry.TypesOf).ToArray();
        long? pruned = null;
        using var timer = new PeriodicTimer(_third, time);
        try
        {
            do
            {
                await AttemptAsync(ReapAsync, cancellationToken);
                await AttemptAsync(token => BuryAsync(types, token), cancellationToken);
                await AttemptAsync(async token => JobTelemetry.RecordDepths(await store.GetDepthsAsync(queues, token)), cancellationToken);
                if (pruned is null || time.GetElapsedTime(pruned.Value) > PruneInterval)
                {
                    pruned = time.GetTimestamp();
                    await AttemptAsync(PruneAsync, cancellationToken);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task ReapAsync(CancellationToken cancellationToken)
    {
        var reaped = await store.ReapAsync(cancellationToken);
        if (reaped.Count == 0) return;
        foreach (var queue in reaped.GroupBy(job => job.Queue)) Log.Reaped(logger, queue.Count(), queue.Key);
        await delivery.DeliverAsync(reaped, cancellationToken);
    }

    private async Task BuryAsync(string[] types, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        foreach (var job in await store.ClaimExhaustedAsync(types, cancellationToken))
        {
            await using var dead = new RunningJob(job, options.Value.Lease - time.GetElapsedTime(asked), time);
            running.Add(dead);
            await using var stop = cancellationToken.Register(() => dead.Stop(JobStopReason.ShuttingDown));
            try
            {
                Log.Burying(logger, job.Attempt.Type, job.Id, job.MaxAttempts);
                await finisher.FinishAsync(dead, await executor.BuryAsync(job.Attempt, dead.Context, JobError.WorkerLost, dead.Token));
            }
            finally
            {
                running.Remove(dead);
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        while (await store.PruneAsync(options.Value.Retention, options.Value.DeadLetterRetention, cancellationToken) > 0)
        {
            // In pieces, so that no statement holds many rows for long.
        }
    }

    /// <returns>False when the database could not be asked; the next round tries again.</returns>
    private async Task<bool> AttemptAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.Failed(logger, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2015, LogLevel.Warning, "{Count} jobs of {Queue} went back: their workers stopped without a word")]
        public static partial void Reaped(ILogger logger, int count, string queue);

        [LoggerMessage(2016, LogLevel.Error, "{Type} {JobId}: its worker stopped without a word in the last of {MaxAttempts} attempts")]
        public static partial void Burying(ILogger logger, string type, Guid jobId, int maxAttempts);

        [LoggerMessage(2017, LogLevel.Warning, "Leases and leftovers could not be looked after: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
