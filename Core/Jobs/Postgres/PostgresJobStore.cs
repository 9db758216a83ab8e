using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>The worker's side of the table.</summary>
internal sealed class PostgresJobStore(JobDatabase database, IOptions<JobOptions> options)
{
    private static readonly string WorkerName = $"{Environment.MachineName}:{Environment.ProcessId}";

    private readonly TimeSpan _lease = options.Value.Lease;

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string queue, string[] types, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.Claim);
        command.With(queue).With(types).With(limit).With(WorkerName).With(_lease);
        return await ReadClaimsAsync(command, cancellationToken);
    }

    /// <summary>Claims with a limit per fairness key, the keys taking turns.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimFairlyAsync(string queue, string[] types, int limit, int perKey, CancellationToken cancellationToken)
    {
        // One transaction, and the second statement sees what the holder of the lock before us has committed.
        await using var batch = database.Fast.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(FairJobSql.Lock).With(queue));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(FairJobSql.Claim).With(queue).With(types).With(limit).With(WorkerName).With(_lease).With(perKey));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        return await ReadClaimsAsync(rows, cancellationToken);
    }

    public async Task<IReadOnlyList<ClaimedJob>> ClaimExhaustedAsync(string[] types, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.ClaimExhausted);
        command.With(types).With(_lease).With(WorkerName);
        return await ReadClaimsAsync(command, cancellationToken);
    }

    /// <returns>The jobs that are still ours, each with whether it is asked to stop.</returns>
    public async Task<IReadOnlyDictionary<Guid, bool>> RenewAsync(IReadOnlyCollection<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.Renew);
        command.With(jobs.Select(job => job.Id).ToArray()).With(jobs.Select(job => job.Token).ToArray()).With(_lease);
        // An answer that comes after the lease is of no use; the next third tries again.
        command.CommandTimeout = Math.Max(1, (int)(_lease.TotalSeconds / 3));
        var held = new Dictionary<Guid, bool>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) held[rows.GetGuid(0)] = rows.GetBoolean(1);
        return held;
    }

    /// <returns>False when the lease is not ours any more; nothing was written then.</returns>
    public async Task<bool> CompleteAsync(ClaimedJob job, JobOutcome outcome, TimeSpan retryDelay, bool durable, CancellationToken cancellationToken)
    {
        var (state, refund, delay) = outcome.Kind switch
        {
            JobOutcomeKind.Succeeded => ("succeeded", 0, TimeSpan.Zero),
            JobOutcomeKind.Cancelled => ("cancelled", 0, TimeSpan.Zero),
            JobOutcomeKind.Dead => ("dead", 0, TimeSpan.Zero),
            JobOutcomeKind.Failed => ("queued", 0, retryDelay),
            JobOutcomeKind.Released => ("queued", 1, TimeSpan.Zero),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, "Nothing may be written without a lease."),
        };
        await using var command = (durable ? database.Durable : database.Fast).CreateCommand(JobSql.Complete);
        command.With(job.Id).With(job.Token).With(state).With(refund).With(delay).With(outcome.Error);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken);
    }

    /// <returns>The jobs of dead workers that wait again.</returns>
    public async Task<IReadOnlyCollection<JobDelivery>> ReapAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Durable.CreateCommand(JobSql.Reap);
        command.With(JobError.WorkerLost);
        return await ReadDeliveriesAsync(command, _ => TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Claims a job that a transport brought.</summary>
    /// <returns>Null when it does not wait (any more), or its time has not come.</returns>
    public async Task<ClaimedJob?> ClaimOneAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.ClaimOne);
        command.With(id).With(WorkerName).With(_lease);
        return (await ReadClaimsAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The job, if it waits, with the time that is left until it may start.</summary>
    public Task<IReadOnlyCollection<JobDelivery>> FindWaitingAsync(Guid id, CancellationToken cancellationToken) =>
        FindWaitingAsync(id, "", TimeSpan.Zero, cancellationToken);

    /// <summary>The jobs of a queue that could have started this long ago.</summary>
    public Task<IReadOnlyCollection<JobDelivery>> FindOverdueAsync(string queue, TimeSpan overdue, CancellationToken cancellationToken) =>
        FindWaitingAsync(Guid.Empty, queue, overdue, cancellationToken);

    public async Task<IReadOnlyDictionary<string, QueueDepth>> GetDepthsAsync(string[] queues, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.Depth);
        command.With(queues);
        var depths = queues.ToDictionary(queue => queue, _ => new QueueDepth(0, 0));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) depths[rows.GetString(0)] = new QueueDepth(rows.GetInt32(1), rows.GetInt32(2));
        return depths;
    }

    public async Task<int> PruneAsync(TimeSpan retention, TimeSpan deadLetterRetention, CancellationToken cancellationToken)
    {
        await using var command = database.Durable.CreateCommand(JobSql.Prune);
        command.With(retention).With(deadLetterRetention);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyCollection<JobDelivery>> FindWaitingAsync(
        Guid id, string queue, TimeSpan overdue, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.Waiting);
        command.With(id).With(queue).With(overdue);
        return await ReadDeliveriesAsync(command, row => row.GetFieldValue<TimeSpan>(4), cancellationToken);
    }

    private static async Task<IReadOnlyCollection<JobDelivery>> ReadDeliveriesAsync(
        NpgsqlCommand command, Func<NpgsqlDataReader, TimeSpan> delay, CancellationToken cancellationToken)
    {
        var jobs = new List<JobDelivery>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            jobs.Add(new JobDelivery(rows.GetGuid(0), rows.GetString(1), rows.GetString(2), (JobPriority)rows.GetInt16(3), delay(rows)));
        }

        return jobs;
    }

    private static async Task<IReadOnlyList<ClaimedJob>> ReadClaimsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadClaimsAsync(rows, cancellationToken);
    }

    private static async Task<IReadOnlyList<ClaimedJob>> ReadClaimsAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var claimed = new List<ClaimedJob>();
        while (await rows.ReadAsync(cancellationToken)) claimed.Add(ClaimedJob.Read(rows));
        // RETURNING has no order of its own.
        claimed.Sort((left, right) => (-left.Priority, left.Seq).CompareTo((-right.Priority, right.Seq)));
        return claimed;
    }
}
