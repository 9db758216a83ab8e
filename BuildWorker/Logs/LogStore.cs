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

internal sealed class PostgresLogStore(NpgsqlDataSource database) : ILogStore
{
    private const string LastSeq = "SELECT coalesce(max(seq), 0) FROM deployment_logs WHERE deployment_id = $1";

    // The unique number per deployment is also the fence: a worker that lost its lease collides with the one that goes on.
    private const string Append = """
        INSERT INTO deployment_logs (id, deployment_id, seq, timestamp, log_level, message, created_at)
        SELECT line.id, $1, line.seq, line.timestamp, line.log_level, line.message, now()
        FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[]) AS line (id, seq, timestamp, log_level, message)
        """;

    public async Task<long> LastSeqAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(LastSeq);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = deploymentId });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task AppendAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Append);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = deploymentId });
        Add(command, lines.Select(_ => Guid.CreateVersion7()).ToArray(), NpgsqlDbType.Uuid);
        Add(command, lines.Select(line => line.Seq).ToArray(), NpgsqlDbType.Bigint);
        Add(command, lines.Select(line => line.Timestamp.UtcDateTime).ToArray(), NpgsqlDbType.TimestampTz);
        Add(command, lines.Select(line => line.Level).ToArray(), NpgsqlDbType.Text);
        Add(command, lines.Select(line => line.Message).ToArray(), NpgsqlDbType.Text);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add<T>(NpgsqlCommand command, T[] values, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
