using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Platform.Core.Artifacts;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Web.Sites;

/// <summary>What a host name serves.</summary>
internal sealed record PublishedSite(Guid DeploymentId, SiteManifest Manifest);

/// <summary>
/// Finds the manifest for a host name. Entries stay in memory for a short time and are dropped at once when the site changes; a lost
/// event costs at most that time.
/// </summary>
internal sealed class SiteCatalog(IServiceScopeFactory scopes, IMemoryCache cache)
{
    private static readonly TimeSpan PointerLifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ManifestLifetime = TimeSpan.FromMinutes(10);

    public async ValueTask<PublishedSite?> FindAsync(SiteHost host, CancellationToken cancellationToken)
    {
        if (host.Slug is not { Length: > 0 and <= 63 } slug) return null;
        if (!cache.TryGetValue(PointerKey(slug, host.DeploymentId), out Guid? deploymentId))
        {
            deploymentId = await ResolveAsync(slug, host.DeploymentId, cancellationToken);
            // Unknown names are remembered too: asking for them must not cost a query each.
            cache.Set(PointerKey(slug, host.DeploymentId), deploymentId, Entry(PointerLifetime, 1));
        }

        return deploymentId is { } id ? await LoadAsync(id, cancellationToken) : null;
    }

    public void Forget(string slug) => cache.Remove(PointerKey(slug, null));

    private async Task<Guid?> ResolveAsync(string slug, Guid? deploymentId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var project = db.Projects.AsNoTracking().Where(candidate => candidate.Slug == slug);
        if (deploymentId is not { } id) return await project.Select(candidate => candidate.ProductionDeploymentId).FirstOrDefaultAsync(cancellationToken);
        var exists = await db.Deployments.AnyAsync(
            deployment => deployment.Id == id && deployment.Status == DeploymentStatus.Success
                && project.Any(candidate => candidate.Id == deployment.ProjectId),
            cancellationToken);
        return exists ? id : null;
    }

    private async ValueTask<PublishedSite?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        if (cache.TryGetValue(id, out PublishedSite? site)) return site;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var json = await db.Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => deployment.Manifest).FirstOrDefaultAsync(cancellationToken);
        if (json is null) return null;
        site = new PublishedSite(id, SiteManifestJson.Read(json));
        return cache.Set(id, site, Entry(ManifestLifetime, 1 + (json.Length / 1024)));
    }

    private static MemoryCacheEntryOptions Entry(TimeSpan lifetime, long kilobytes) =>
        new() { AbsoluteExpirationRelativeToNow = lifetime, Size = kilobytes };

    private static (string Slug, Guid? DeploymentId) PointerKey(string slug, Guid? deploymentId) => (slug, deploymentId);
}
