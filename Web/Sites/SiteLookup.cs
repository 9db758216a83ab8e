using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Domains;
using Platform.Web.Files;

namespace Platform.Web.Sites;

/// <summary>Reads sites from the database and the artifact store.</summary>
internal sealed class SiteLookup(
    NpgsqlDataSource source,
    IArtifactStore artifacts,
    IMemoryCache cache,
    SiteAddresses addresses,
    ReservedHosts reserved,
    SiteTraffic traffic,
    IOptions<RetentionOptions> retention,
    TimeProvider time)
{
    private const int MaxRetired = 20;
    private static readonly TimeSpan ContentLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetiredLifetime = TimeSpan.FromSeconds(30);
    private static readonly SiteEntry NotOurs = new();

    private const string Find = """
        SELECT p.id, p.slug, d.id, COALESCE(d.completed_at, d.created_at), s.protection, s.password_hash, s.password_stamp, s.spa_fallback, s.asset_hours,
            (SELECT max(c.created_at) FROM production_changes c WHERE c.project_id = p.id)
        FROM projects p
        LEFT JOIN site_settings s ON s.project_id = p.id
        LEFT JOIN deployments d ON d.project_id = p.id AND d.id = {1} AND d.status = 'success' AND d.manifest IS NOT NULL
        WHERE {0}
        """;

    private static readonly string FindBySlug = Fill("p.slug = @name", "COALESCE(@deployment, p.production_deployment_id)");
    private static readonly string FindByAlias = Fill("p.slug = @name", $"({BranchAliases.Shown})");
    private static readonly string FindByDomain =
        Fill("p.id = (SELECT o.project_id FROM domains o WHERE o.host = @name AND o.status = 'verified')", "p.production_deployment_id");

    /// <param name="host">A host name without its port.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public async Task<SiteEntry> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (addresses.TryRead(host, out var site))
        {
            var nothing = new SiteEntry { IsOurs = true };
            if (site.Slug is not { Length: > 0 and <= 63 } slug) return nothing;
            return await ReadAsync(site.Alias is null ? FindBySlug : FindByAlias, slug, site, cancellationToken) ?? nothing;
        }

        // The application's own names and addresses never are anybody's site, and cost no question.
        if (!DomainName.TryNormalize(host, out var name) || reserved.Contains(name)) return NotOurs;
        return await ReadAsync(FindByDomain, name, default, cancellationToken) ?? NotOurs;
    }

    /// <summary>A hashed file of a deployment that was in production before this one, while its time has not run out.</summary>
    public async Task<(SitePage Page, Timestamp Modified)?> FindRetiredAsync(SiteEntry site, string path, CancellationToken cancellationToken)
    {
        if (site.AssetWindow <= TimeSpan.Zero || !HashedName.Matches(path)) return null;
        var key = ("retired", site.ProjectId, site.Content!.DeploymentId);
        if (!cache.TryGetValue(key, out IReadOnlyList<SiteContent>? retired))
        {
            retired = await ReadRetiredAsync(site, cancellationToken);
            cache.Set(key, retired, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = RetiredLifetime, Size = 1 });
        }

        foreach (var content in retired!)
        {
            if (content.FindHashed(path) is { } page) return (page, content.Published);
        }

        return null;
    }

    private static string Fill(string project, string deployment) =>
        Find.Replace("{0}", project, StringComparison.Ordinal).Replace("{1}", deployment, StringComparison.Ordinal);

    private async Task<SiteEntry?> ReadAsync(string statement, string name, SiteHost site, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // One of three constants.
        await using var command = source.CreateCommand(statement);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter("name", name));
        if (site.Alias is { } alias) command.Parameters.Add(new NpgsqlParameter("alias", alias));
        else if (statement == FindBySlug) command.Parameters.Add(new NpgsqlParameter("deployment", NpgsqlDbType.Uuid) { Value = (object?)site.DeploymentId ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;

        var (projectId, isPreview) = (reader.GetGuid(0), site.DeploymentId is not null || site.Alias is not null);
        var (contentId, published) = (reader.GetFieldValue<Guid?>(2), reader.GetFieldValue<DateTimeOffset?>(3));
        var moved = isPreview ? null : reader.GetFieldValue<DateTimeOffset?>(9);
        var entry = new
        {
            Slug = reader.GetString(1),
            Password = SiteEntry.PasswordOf(reader.GetValue(4) as string, isPreview, reader.GetValue(5) as string, reader.GetFieldValue<Guid?>(6) ?? Guid.Empty),
            SpaFallback = reader.GetFieldValue<bool?>(7),
            AssetHours = reader.GetFieldValue<int?>(8) ?? retention.Value.AssetHours,
        };
        await reader.CloseAsync();
        return new SiteEntry
        {
            IsOurs = true,
            ProjectId = projectId,
            Slug = entry.Slug,
            IsPreview = isPreview,
            Password = entry.Password,
            AssetWindow = isPreview ? TimeSpan.Zero : TimeSpan.FromHours(entry.AssetHours),
            Counter = traffic.CounterOf(projectId),
            Content = contentId is { } id ? await LoadAsync(id, published!.Value, entry.SpaFallback, cancellationToken) : null,
            // Going back to older content is a change as well: what counts is the later of the two moments.
            // A branch goes back as well, when its newest is deleted, and nobody notes that moment: its files have their tags only.
            Modified = published is { } at && site.Alias is null ? new Timestamp(moved > at ? moved.Value : at) : null,
        };
    }

    private async Task<SiteContent?> LoadAsync(Guid id, DateTimeOffset publishedAt, bool? spaFallback, CancellationToken cancellationToken)
    {
        var key = ("content", id, spaFallback);
        if (cache.TryGetValue(key, out SiteContent? content)) return content;
        await using var command = source.CreateCommand("SELECT manifest::text FROM deployments WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        if (await command.ExecuteScalarAsync(cancellationToken) is not string json) return null;
        var manifest = SiteManifestJson.Read(json);
        var redirects = await ReadAsync(manifest, SiteRedirects.FileName, SiteRedirects.MaxBytes, cancellationToken) is { } rules ? SiteRedirects.Parse(rules) : SiteRedirects.None;
        var headers = await ReadAsync(manifest, SiteHeaders.FileName, SiteHeaders.MaxBytes, cancellationToken) is { } lines ? SiteHeaders.Parse(lines) : SiteHeaders.None;
        content = new SiteContent(id, publishedAt, new SiteRoutes(manifest, redirects, spaFallback ?? manifest.SpaFallback), headers, artifacts);
        return cache.Set(key, content, new MemoryCacheEntryOptions { SlidingExpiration = ContentLifetime, Size = 1 + (json.Length / 1024) });
    }

    private async Task<string?> ReadAsync(SiteManifest manifest, string path, int most, CancellationToken cancellationToken)
    {
        if (!manifest.Files.TryGetValue(path, out var file) || file.Size > most) return null;
        await using var content = await artifacts.OpenAsync(file.Sha256, cancellationToken: cancellationToken);
        if (content is null) return null;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<SiteContent>> ReadRetiredAsync(SiteEntry site, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT d.id, COALESCE(d.completed_at, d.created_at), max(c.created_at) FROM production_changes c JOIN deployments d ON d.id = c.previous_deployment_id
            WHERE c.project_id = $1 AND c.created_at > $2 AND d.id <> $3 AND d.manifest IS NOT NULL GROUP BY d.id ORDER BY 3 DESC LIMIT $4
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = site.ProjectId });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() - site.AssetWindow });
        command.Parameters.Add(new NpgsqlParameter { Value = site.Content!.DeploymentId });
        command.Parameters.Add(new NpgsqlParameter { Value = MaxRetired });
        var found = new List<(Guid Id, DateTimeOffset At)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken)) found.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        var contents = new List<SiteContent>();
        foreach (var (id, at) in found)
        {
            if (await LoadAsync(id, at, null, cancellationToken) is { } content) contents.Add(content);
        }

        return contents;
    }
}
