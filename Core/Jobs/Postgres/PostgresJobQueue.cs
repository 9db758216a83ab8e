using Npgsql;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>The built-in queue: rows of <c>jobs</c>, claimed by <c>FOR UPDATE SKIP LOCKED</c>, announced by <c>NOTIFY</c>.</summary>
internal sealed class PostgresJobQueue(JobDatabase database, PostgresJobStore store) : IJobQueue, IJobStore
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
        var source = job.IsDurable ? database.Durable : database.Fast;
        await using var command = source.CreateCommand(JobSql.Place);
        command.With(job.Id).With(job.Type).With(job.Queue).With(job.Payload).With((short)job.Priority).With(job.MaxAttempts)
            .With(job.Delay).With(job.TraceParent).With(job.FairnessKey);
        await command.ExecuteNonQueryAsync(cancellationToken);
        JobTelemetry.RecordEnqueued(job);
    }

    public async Task<JobInfo?> FindAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.Find);
        command.With(jobId);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? ReadInfo(rows) : null;
    }

    public async Task<bool> CancelAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var command = database.Durable.CreateCommand(JobSql.Cancel);
        command.With(jobId);
        return await ChangedAsync(command, cancellationToken);
    }

    public async Task<IReadOnlyList<JobInfo>> ListDeadLettersAsync(string queue, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(JobSql.ListDead);
        command.With(queue).With(limit);
        var dead = new List<JobInfo>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) dead.Add(ReadInfo(rows));
        return dead;
    }

    public async Task<bool> RetryDeadLetterAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var command = database.Durable.CreateCommand(JobSql.RetryDead);
        command.With(jobId);
        return await ChangedAsync(command, cancellationToken);
    }

    public async Task<int?> GetPositionAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using var command = database.Fast.CreateCommand(FairJobSql.Position);
        command.With(jobId);
        return (int?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public async Task<QueueDepth> GetDepthAsync(string queue, CancellationToken cancellationToken) =>
        (await store.GetDepthsAsync([queue], cancellationToken))[queue];

    /// <summary>The statement selects from what it changed: a row means a change.</summary>
    private static async Task<bool> ChangedAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken);
    }

    private static JobInfo ReadInfo(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3) switch
        {
            "queued" => JobState.Queued,
            "running" => JobState.Running,
            "succeeded" => JobState.Succeeded,
            "cancelled" => JobState.Cancelled,
            "dead" => JobState.Dead,
            var state => throw new InvalidOperationException($"Unknown state '{state}' in the table of jobs."),
        },
        row.GetInt32(4),
        row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetString(7));
}
