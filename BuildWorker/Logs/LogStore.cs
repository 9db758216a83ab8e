using Npgsql;
using NpgsqlTypes;
using Platform.Core.Realtime;

namespace Platform.BuildWorker.Logs;

/// <summary>Stores log lines in batches.</summary>
internal interface ILogStore
{
    /// <summary>Number of the last stored line, 0 when there is none.</summary>
    Task<long> LastSeqAsync(Guid deploymentId, CancellationToken cancellationToken);

    Task AppendAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken);
}

internal sealed class PostgresLogStore(NpgsqlDataSource database, TimeProvider time) : ILogStore
{
    private const string LastSeq = "SELECT coalesce(max(seq), 0) FROM deployment_logs WHERE deployment_id = $1";

    // A database that restarts is back within seconds; the lease of a build ends not much later.
    private const int MaxAttempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // The unique number per deployment is also the fence: a worker that lost its lease collides with the one that goes on. The same line again
    // is what the lost answer of an earlier attempt had stored.
    private const string Append = """
        INSERT INTO deployment_logs (id, deployment_id, seq, timestamp, log_level, message, created_at)
        SELECT line.id, $1, line.seq, line.timestamp, line.log_level, line.message, now()
        FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[]) AS line (id, seq, timestamp, log_level, message)
        ON CONFLICT (id) DO NOTHING
        """;

    public async Task<long> LastSeqAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(LastSeq);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = deploymentId });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task AppendAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(_ => Guid.CreateVersion7()).ToArray();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await InsertAsync(deploymentId, ids, lines, cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (attempt < MaxAttempts && IsOutage(exception))
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task InsertAsync(Guid deploymentId, Guid[] ids, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Append);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = deploymentId });
        Add(command, ids, NpgsqlDbType.Uuid);
        Add(command, lines.Select(line => line.Seq).ToArray(), NpgsqlDbType.Bigint);
        Add(command, lines.Select(line => line.Timestamp.UtcDateTime).ToArray(), NpgsqlDbType.TimestampTz);
        Add(command, lines.Select(line => line.Level).ToArray(), NpgsqlDbType.Text);
        Add(command, lines.Select(line => line.Message).ToArray(), NpgsqlDbType.Text);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The connection broke, or the server stops or starts; a refused line is none.</summary>
    private static bool IsOutage(NpgsqlException exception) =>
        exception is not PostgresException refusal || refusal.IsTransient
        || refusal.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    private static void Add<T>(NpgsqlCommand command, T[] values, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
