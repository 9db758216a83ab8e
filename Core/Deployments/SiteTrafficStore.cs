using Npgsql;
using NpgsqlTypes;
using Platform.Core.Data.Entities;

namespace Platform.Core.Deployments;

/// <summary>What was counted for one site since the last time.</summary>
public sealed record SiteTrafficBatch(
    Guid ProjectId, long Requests, long Bytes, long Status2xx, long Status3xx, long Status4xx, long Status5xx, IReadOnlyList<KeyValuePair<string, long>> Paths);

/// <summary>Traffic of sites, by hour and by file.</summary>
public sealed class SiteTrafficStore(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Files of one site that are counted in a day; the others only count in the totals.</summary>
    public const int MaxPaths = 200;

    private const int MaxPathLength = 255;
    private static readonly TimeSpan KeepHours = TimeSpan.FromDays(400);
    private static readonly TimeSpan KeepDays = TimeSpan.FromDays(90);

    private const string AddHours = """
        INSERT INTO site_traffic AS t (project_id, hour, requests, bytes, status2xx, status3xx, status4xx, status5xx)
        SELECT v.* FROM (SELECT project, @hour::timestamptz, requests, bytes, s2, s3, s4, s5
            FROM unnest(@projects, @requests, @bytes, @s2, @s3, @s4, @s5) AS u (project, requests, bytes, s2, s3, s4, s5) ORDER BY project) v
        JOIN projects p ON p.id = v.project
        ON CONFLICT (project_id, hour) DO UPDATE SET requests = t.requests + excluded.requests, bytes = t.bytes + excluded.bytes,
            status2xx = t.status2xx + excluded.status2xx, status3xx = t.status3xx + excluded.status3xx,
            status4xx = t.status4xx + excluded.status4xx, status5xx = t.status5xx + excluded.status5xx
        """;

    // A path that is new today comes in only while there is room for it.
    private const string AddPaths = """
        INSERT INTO site_traffic_paths AS t (project_id, day, path, requests)
        SELECT v.project, @day, v.path, v.requests FROM (SELECT * FROM unnest(@projects, @paths, @requests) AS u (project, path, requests) ORDER BY project, path) v
        JOIN projects p ON p.id = v.project
        WHERE EXISTS (SELECT 1 FROM site_traffic_paths e WHERE e.project_id = v.project AND e.day = @day AND e.path = v.path)
            OR (SELECT count(*) FROM site_traffic_paths e WHERE e.project_id = v.project AND e.day = @day) < @most
        ON CONFLICT (project_id, day, path) DO UPDATE SET requests = t.requests + excluded.requests
        """;

    /// <summary>Adds what was counted; projects that are gone are left out.</summary>
    public async Task AddAsync(IReadOnlyList<SiteTrafficBatch> batches, CancellationToken cancellationToken)
    {
        if (batches.Count == 0) return;
        var now = time.GetUtcNow();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var hours = new NpgsqlCommand(AddHours, connection, transaction))
        {
            hours.Parameters.Add(new NpgsqlParameter("hour", new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero)));
            hours.Parameters.Add(new NpgsqlParameter("projects", batches.Select(batch => batch.ProjectId).ToArray()));
            AddColumn(hours, "requests", batch => batch.Requests);
            AddColumn(hours, "bytes", batch => batch.Bytes);
            AddColumn(hours, "s2", batch => batch.Status2xx);
            AddColumn(hours, "s3", batch => batch.Status3xx);
            AddColumn(hours, "s4", batch => batch.Status4xx);
            AddColumn(hours, "s5", batch => batch.Status5xx);
            await hours.ExecuteNonQueryAsync(cancellationToken);
        }

        await AddPathsAsync(connection, transaction, batches, DateOnly.FromDateTime(now.UtcDateTime), cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        void AddColumn(NpgsqlCommand command, string name, Func<SiteTrafficBatch, long> value) => command.Parameters.Add(new NpgsqlParameter(name, batches.Select(value).ToArray()));
    }

    /// <summary>The hours of a project since a moment, oldest first; hours without requests are absent.</summary>
    public async Task<IReadOnlyList<SiteTraffic>> ListHoursAsync(Guid projectId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT hour, requests, bytes, status2xx, status3xx, status4xx, status5xx FROM site_traffic WHERE project_id = @project AND hour >= @since ORDER BY hour
            """);
        command.Parameters.Add(new NpgsqlParameter("project", projectId));
        command.Parameters.Add(new NpgsqlParameter("since", since.ToUniversalTime()));
        var hours = new List<SiteTraffic>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            hours.Add(new SiteTraffic
            {
                ProjectId = projectId,
                Hour = reader.GetFieldValue<DateTimeOffset>(0),
                Requests = reader.GetInt64(1),
                Bytes = reader.GetInt64(2),
                Status2xx = reader.GetInt64(3),
                Status3xx = reader.GetInt64(4),
                Status4xx = reader.GetInt64(5),
                Status5xx = reader.GetInt64(6),
            });
        }

        return hours;
    }

    /// <summary>The most asked-for files of a project since a day.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, long>>> ListTopPathsAsync(Guid projectId, DateOnly since, int count, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT path, sum(requests)::bigint FROM site_traffic_paths WHERE project_id = @project AND day >= @since GROUP BY path ORDER BY 2 DESC, 1 LIMIT @count
            """);
        command.Parameters.Add(new NpgsqlParameter("project", projectId));
        command.Parameters.Add(new NpgsqlParameter("since", since));
        command.Parameters.Add(new NpgsqlParameter("count", count));
        var paths = new List<KeyValuePair<string, long>>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) paths.Add(KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1)));
        return paths;
    }

    /// <summary>Forgets what is too old to be shown.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("DELETE FROM site_traffic WHERE hour < $1");
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() - KeepHours });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var paths = source.CreateCommand("DELETE FROM site_traffic_paths WHERE day < $1");
        paths.Parameters.Add(new NpgsqlParameter { Value = DateOnly.FromDateTime((time.GetUtcNow() - KeepDays).UtcDateTime) });
        await paths.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task AddPathsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<SiteTrafficBatch> batches, DateOnly day, CancellationToken cancellationToken)
    {
        var rows = batches
            .SelectMany(batch => batch.Paths.Where(path => path.Key.Length <= MaxPathLength).OrderByDescending(path => path.Value).Take(MaxPaths)
                .Select(path => (batch.ProjectId, Path: path.Key, Requests: path.Value)))
            .ToArray();
        if (rows.Length == 0) return;
        await using var command = new NpgsqlCommand(AddPaths, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter("day", NpgsqlDbType.Date) { Value = day });
        command.Parameters.Add(new NpgsqlParameter("most", MaxPaths));
        command.Parameters.Add(new NpgsqlParameter("projects", rows.Select(row => row.ProjectId).ToArray()));
        command.Parameters.Add(new NpgsqlParameter("paths", rows.Select(row => row.Path).ToArray()));
        command.Parameters.Add(new NpgsqlParameter("requests", rows.Select(row => row.Requests).ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
