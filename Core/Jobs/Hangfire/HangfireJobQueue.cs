using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Hangfire;

/// <summary>Jobs that stand in our table and travel by Hangfire.</summary>
internal sealed class HangfireJobQueue(PostgresJobQueue ledger, PostgresJobStore store, HangfireDelivery delivery) : IJobQueue, IJobStore
{
    public async Task<Guid> EnqueueAsync<TJob>(TJob job, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
        where TJob : IJob
    {
        using var activity = JobTelemetry.StartPlacing(TJob.Type);
        var placed = PlacedJob.From(job, options);
        activity?.SetTag("job.id", placed.Id).SetTag("job.queue", placed.Queue);
        await PlaceAsync(placed, cancellationToken);
        return placed.Id;
    }

    public async Task PlaceAsync(PlacedJob job, CancellationToken cancellationToken)
    {
        await ledger.PlaceAsync(job, cancellationToken);
        // Should this fail, the worker that looks after the table delivers it later.
        await delivery.DeliverAsync([new JobDelivery(job.Id, job.Type, job.Queue, job.Priority, job.Delay)], cancellationToken);
    }

    public Task<JobInfo?> FindAsync(Guid jobId, CancellationToken cancellationToken) => ledger.FindAsync(jobId, cancellationToken);

    public Task<bool> CancelAsync(Guid jobId, CancellationToken cancellationToken) => ledger.CancelAsync(jobId, cancellationToken);

    public Task<IReadOnlyList<JobInfo>> ListDeadLettersAsync(string queue, int limit, CancellationToken cancellationToken) =>
        ledger.ListDeadLettersAsync(queue, limit, cancellationToken);

    public async Task<bool> RetryDeadLetterAsync(Guid jobId, CancellationToken cancellationToken)
    {
        if (!await ledger.RetryDeadLetterAsync(jobId, cancellationToken)) return false;
        await delivery.DeliverAsync(await store.FindWaitingAsync(jobId, cancellationToken), cancellationToken);
        return true;
    }

    public Task<int?> GetPositionAsync(Guid jobId, CancellationToken cancellationToken) => ledger.GetPositionAsync(jobId, cancellationToken);

    public Task<QueueDepth> GetDepthAsync(string queue, CancellationToken cancellationToken) => ledger.GetDepthAsync(queue, cancellationToken);
}
