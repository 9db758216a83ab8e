using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Outbox;

/// <summary>
/// Moves rows of the outbox to the engine. Any number of processes may do it at once: each takes rows that no other one holds. A crash after
/// the engine took a job and before the row is gone relays it again, which the job's id makes harmless.
/// </summary>
internal sealed partial class OutboxRelay(JobDatabase database, IJobStore engine, TimeProvider time, ILogger<OutboxRelay> logger)
{
    private const string Take =
        """
        SELECT id, type, queue, payload, priority, max_attempts, not_before, trace_parent, fairness_key FROM outbox_jobs
        ORDER BY created_at, id LIMIT 100
        FOR UPDATE SKIP LOCKED
        """;

    /// <returns>How many were moved.</returns>
    public async Task<int> RelayAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Durable.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var jobs = await TakeAsync(connection, cancellationToken);
        if (jobs.Count == 0) return 0;
        foreach (var job in jobs) await engine.PlaceAsync(job, cancellationToken);
        await using var delete = new NpgsqlCommand("DELETE FROM outbox_jobs WHERE id = ANY ($1)", connection);
        delete.With(jobs.Select(job => job.Id).ToArray());
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return jobs.Count;
    }

    /// <summary>For a caller who cannot do anything about a failure, because the relay tries again by itself.</summary>
    public async Task TryRelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await RelayAsync(cancellationToken) > 0)
            {
                // Until nothing is left.
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, exception.Message);
        }
    }

    private async Task<List<PlacedJob>> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var jobs = new List<PlacedJob>();
        await using var command = new NpgsqlCommand(Take, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var delay = rows.GetFieldValue<DateTimeOffset>(6) - now;
            jobs.Add(new PlacedJob
            {
                Id = rows.GetGuid(0),
                Type = rows.GetString(1),
                Queue = rows.GetString(2),
                Payload = rows.GetString(3),
                Priority = (JobPriority)rows.GetInt16(4),
                MaxAttempts = rows.GetInt32(5),
                Delay = delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
                TraceParent = rows.IsDBNull(7) ? null : rows.GetString(7),
                FairnessKey = rows.IsDBNull(8) ? null : rows.GetString(8),
            });
        }

        return jobs;
    }

    private static partial class Log
    {
        [LoggerMessage(2030, LogLevel.Warning, "Jobs stay in the outbox for now: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
