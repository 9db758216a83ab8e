using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Artifacts;

namespace Platform.Core.Deployments;

/// <summary>How many deployments keep their files, unless a project says otherwise.</summary>
public sealed class RetentionOptions
{
    public const string SectionName = "Retention";

    /// <summary>Deployments of one project (<c>KEEP_DEPLOYMENTS</c>).</summary>
    [Range(1, 100_000)]
    public int Deployments { get; set; } = 50;

    /// <summary>Bytes of one project's deployments together, before what they share is counted once (<c>KEEP_PROJECT_SIZE</c>).</summary>
    [Range(1, long.MaxValue)]
    public long ProjectBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Bytes of one owner's deployments together (<c>KEEP_OWNER_SIZE</c>).</summary>
    [Range(1, long.MaxValue)]
    public long OwnerBytes { get; set; } = 50L * 1024 * 1024 * 1024;

    /// <summary>Hours for which hashed assets of a replaced deployment stay reachable under the production address (<c>KEEP_ASSETS_HOURS</c>).</summary>
    [Range(0, 24 * 365)]
    public int AssetHours { get; set; } = 24;

    /// <summary>Hours for which previews of a deleted branch or a closed pull request keep their own addresses (<c>KEEP_CLOSED_PREVIEWS_HOURS</c>).</summary>
    [Range(0, 24 * 365)]
    public int ClosedPreviewHours { get; set; } = 24 * 7;

    /// <summary>How often deployments expire and unreferenced content is removed.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>A deployment that has its files, as retention sees it.</summary>
/// <param name="Id">The deployment.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Bytes">Published bytes.</param>
/// <param name="IsHeld">In production, or replaced there so recently that its assets are still reachable.</param>
/// <param name="KeepDeployments">The project's own limit.</param>
/// <param name="KeepBytes">The project's own limit.</param>
/// <param name="IsClosed">A preview whose branch or pull request has been gone for long enough.</param>
public sealed record KeptDeployment(Guid Id, Guid ProjectId, long Bytes, bool IsHeld, int? KeepDeployments, long? KeepBytes, bool IsClosed = false);

/// <summary>Takes the files away from deployments that are too many or too large; newer ones stay, and what production needs always stays.</summary>
public sealed class SiteRetention(NpgsqlDataSource source, IOptions<RetentionOptions> options, TimeProvider time) : IArtifactReferences
{
    private const string Held = """
        (p.production_deployment_id IS NOT DISTINCT FROM d.id OR EXISTS (
            SELECT 1 FROM production_changes c WHERE c.previous_deployment_id = d.id
            AND c.created_at > @now - make_interval(hours => COALESCE(s.asset_hours, @hours))))
        """;

    private const string Closed = $"""
        (d.environment = 'preview' AND EXISTS (
            SELECT 1 FROM branch_aliases a WHERE {BranchAliases.Belongs} AND d.created_at <= a.closed_at AND a.closed_at <= @now - make_interval(hours => @closed)))
        """;

    private const string List = $"""
        SELECT d.owner_id, d.id, d.project_id, COALESCE(d.output_bytes, 0), {Held}, s.keep_deployments, s.keep_bytes, {Closed}
        FROM deployments d JOIN projects p ON p.id = d.project_id LEFT JOIN site_settings s ON s.project_id = p.id
        WHERE d.manifest IS NOT NULL ORDER BY d.owner_id, d.created_at DESC, d.id DESC
        """;

    private const string Expire = $"""
        UPDATE deployments SET manifest = NULL, expired_at = @now WHERE id IN (
            SELECT d.id FROM deployments d JOIN projects p ON p.id = d.project_id LEFT JOIN site_settings s ON s.project_id = p.id
            WHERE d.project_id = @project AND d.id = ANY(@ids) AND NOT {Held})
        """;

    /// <summary>One round over all owners.</summary>
    /// <returns>How many deployments lost their files; their content goes with the next collection.</returns>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        var expired = new List<KeptDeployment>();
        var (owner, kept) = (Guid.Empty, new List<KeptDeployment>());
        await foreach (var (ownerId, deployment) in ListAsync(cancellationToken))
        {
            if (ownerId != owner)
            {
                expired.AddRange(Choose(kept, options.Value));
                kept.Clear();
            }

            owner = ownerId;
            kept.Add(deployment);
        }

        expired.AddRange(Choose(kept, options.Value));
        var count = 0;
        foreach (var project in expired.GroupBy(deployment => deployment.ProjectId))
            count += await ExpireAsync(project.Key, [.. project.Select(deployment => deployment.Id)], cancellationToken);
        return count;
    }

    /// <summary>The deployments of one owner, newest first, that lose their files.</summary>
    public static IReadOnlyList<KeptDeployment> Choose(IReadOnlyList<KeptDeployment> newestFirst, RetentionOptions limits)
    {
        var expired = new List<KeptDeployment>();
        var projects = new Dictionary<Guid, (int Count, long Bytes)>();
        var owned = 0L;
        // What is held counts first: it takes its share of the limits whatever its age.
        foreach (var deployment in newestFirst.Where(deployment => deployment.IsHeld))
        {
            var (count, bytes) = projects.GetValueOrDefault(deployment.ProjectId);
            projects[deployment.ProjectId] = (count + 1, bytes + deployment.Bytes);
            owned += deployment.Bytes;
        }

        foreach (var deployment in newestFirst.Where(deployment => !deployment.IsHeld))
        {
            var (count, bytes) = projects.GetValueOrDefault(deployment.ProjectId);
            var fits = !deployment.IsClosed
                && count < (deployment.KeepDeployments ?? limits.Deployments)
                && bytes + deployment.Bytes <= (deployment.KeepBytes ?? limits.ProjectBytes)
                && owned + deployment.Bytes <= limits.OwnerBytes;
            if (!fits)
            {
                expired.Add(deployment);
                continue;
            }

            projects[deployment.ProjectId] = (count + 1, bytes + deployment.Bytes);
            owned += deployment.Bytes;
        }

        return expired;
    }

    /// <summary>The content of all deployments that have their files.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "SELECT file.value ->> 'sha256' FROM deployments d CROSS JOIN LATERAL jsonb_each(d.manifest -> 'files') file WHERE d.manifest IS NOT NULL");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return reader.GetString(0);
    }

    private async IAsyncEnumerable<(Guid Owner, KeptDeployment Deployment)> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(List);
        AddWindow(command);
        command.Parameters.Add(new NpgsqlParameter("closed", options.Value.ClosedPreviewHours));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return (reader.GetGuid(0), new KeptDeployment(
                reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3), reader.GetBoolean(4), reader.GetFieldValue<int?>(5), reader.GetFieldValue<long?>(6), reader.GetBoolean(7)));
        }
    }

    private async Task<int> ExpireAsync(Guid projectId, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever moves production holds this row as well: what is production is known from here on, and asked again below.
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM projects WHERE id = @project FOR UPDATE", connection, transaction))
        {
            hold.Parameters.Add(new NpgsqlParameter("project", projectId));
            await hold.ExecuteScalarAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(Expire, connection, transaction);
        AddWindow(command);
        command.Parameters.Add(new NpgsqlParameter("project", projectId));
        command.Parameters.Add(new NpgsqlParameter("ids", ids));
        var count = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private void AddWindow(NpgsqlCommand command)
    {
        command.Parameters.Add(new NpgsqlParameter("now", time.GetUtcNow()));
        command.Parameters.Add(new NpgsqlParameter("hours", options.Value.AssetHours));
    }
}
