using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.Projects;

/// <summary>Reads projects in the shapes of the contract.</summary>
internal sealed class ProjectQueries(PlatformDbContext database, SiteSettingsService settings, SiteAddresses sites)
{
    /// <summary>Whom the project belongs to; null: there is none of this id.</summary>
    public Task<Guid?> FindOwnerAsync(Guid id, CancellationToken cancellationToken) =>
        database.Projects.Where(project => project.Id == id).Select(project => (Guid?)project.OwnerId).FirstOrDefaultAsync(cancellationToken);

    public Task<Guid?> FindProductionAsync(Guid id, CancellationToken cancellationToken) =>
        database.Projects.Where(project => project.Id == id).Select(project => project.ProductionDeploymentId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>What the endpoints of its site need to know of a project.</summary>
    public Task<ProjectSite?> FindSiteAsync(Guid id, CancellationToken cancellationToken) =>
        database.Projects.Where(project => project.Id == id).Select(project => new ProjectSite(project.OwnerId, project.Slug)).FirstOrDefaultAsync(cancellationToken);

    public async Task<ProjectListResponse> ListAsync(IReadOnlyList<Guid> owners, ProjectListQuery query, CancellationToken cancellationToken)
    {
        var page = new PageQuery(query.Page, query.Limit);
        var mine = database.Projects.AsNoTracking().Where(project => owners.Contains(project.OwnerId));
        if (query.Search?.Trim() is { Length: > 0 } search)
        {
            // As text and not as a pattern.
            var text = search.ToLower(System.Globalization.CultureInfo.InvariantCulture);
#pragma warning disable CA1304, CA1311, CA1862 // This is SQL.
            mine = mine.Where(project => project.Name.ToLower().Contains(text) || project.Repository.ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await mine.LongCountAsync(cancellationToken);
        var rows = await mine.OrderByDescending(project => project.CreatedAt).ThenByDescending(project => project.Id).Skip(page.Skip).Take(page.Size)
            .Select(project => new
            {
                Project = project,
                Last = database.Deployments.Where(deployment => deployment.ProjectId == project.Id)
                    .OrderByDescending(deployment => deployment.CreatedAt).ThenByDescending(deployment => deployment.Id)
                    .Select(deployment => new { deployment.Status, deployment.CreatedAt }).FirstOrDefault(),
                Host = database.SiteDomains.Where(domain => domain.ProjectId == project.Id && domain.IsPrimary && domain.Status == SiteDomainStatus.Verified)
                    .Select(domain => domain.Host).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var items = rows.Select(row => new ProjectItemResponse(
            row.Project.Id, row.Project.OwnerId, row.Project.Name, row.Project.Slug, DeploymentQueries.Display(row.Project.Repository, row.Project.Name), row.Project.Branch,
            Address(row.Project.Slug, row.Host), row.Project.ProductionDeploymentId, row.Last?.Status, row.Last?.CreatedAt, row.Project.CreatedAt));
        return new ProjectListResponse([.. items], PaginationResponse.Of(page, total));
    }

    public async Task<ProjectResponse?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var project = await database.Projects.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (project is null) return null;
        var site = await settings.FindAsync(id, cancellationToken);
        var host = await database.SiteDomains.Where(domain => domain.ProjectId == id && domain.IsPrimary && domain.Status == SiteDomainStatus.Verified)
            .Select(domain => domain.Host).FirstOrDefaultAsync(cancellationToken);
        return new ProjectResponse(
            project.Id,
            project.OwnerId,
            project.Name,
            project.Slug,
            project.Repository,
            DeploymentQueries.Display(project.Repository, project.Name),
            project.Branch,
            project.RootDir,
            project.InstallCommand,
            project.BuildCommand,
            project.OutputDir,
            project.NodeVersion,
            project.Submodules,
            project.AutoDeploy,
            project.WatchPaths,
            Address(project.Slug, host),
            project.ProductionDeploymentId,
            project.ProductionPinned,
            new SiteSettingsResponse(site.Protection, site.PasswordHash is not null, site.SpaFallback, site.KeepDeployments, site.KeepBytes, site.AssetHours),
            project.CreatedAt,
            project.UpdatedAt);
    }

    private string Address(string slug, string? host)
    {
        var own = new Uri(sites.Production(slug));
        return host is null ? sites.Production(slug) : new UriBuilder(own) { Host = host }.Uri.GetLeftPart(UriPartial.Authority);
    }
}

internal sealed record ProjectSite(Guid OwnerId, string Slug);
