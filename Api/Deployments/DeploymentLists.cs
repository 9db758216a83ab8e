using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Deployments;

/// <summary>
/// Finds the rows of lists without reading what is not shown: the newest of each owner, or of each project that is searched for, come from an
/// index by key, totals from counters. Only what a branch has is counted, up to <see cref="MostCounted"/>, and says so by stopping there.
/// </summary>
internal sealed class DeploymentLists(PlatformDbContext database)
{
    /// <summary>The largest total that is told of what counters do not know.</summary>
    public const int MostCounted = 1_000;

    private const int MostParts = 50;

    /// <summary>Which deployments.</summary>
    /// <param name="Owners">Theirs.</param>
    /// <param name="Status">Null: any.</param>
    /// <param name="Search">Part of a project's name or repository; null: any.</param>
    /// <param name="ProjectId">Null: any.</param>
    /// <param name="Branch">Null: any.</param>
    /// <param name="Environment">Null: any.</param>
    internal sealed record Filter(
        IReadOnlyList<Guid> Owners, string? Status = null, string? Search = null, Guid? ProjectId = null, string? Branch = null, string? Environment = null)
    {
        /// <summary>Whether owners alone tell which.</summary>
        public bool IsOfOwners => Search is null && ProjectId is null;
    }

    /// <summary>A page of them, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to take.</param>
    /// <param name="after">Only what comes after this one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IQueryable<Deployment>> PageAsync(Filter filter, int skip, int take, TimeCursor? after, CancellationToken cancellationToken) =>
        Newest(await EachAsync(filter, skip + take, after, cancellationToken)).Skip(skip).Take(take).AsNoTracking();

    public async Task<long> CountAsync(Filter filter, CancellationToken cancellationToken)
    {
        if (filter.Branch is not null) return await Newest(await EachAsync(filter, MostCounted, after: null, cancellationToken)).Take(MostCounted).LongCountAsync(cancellationToken);
        if (filter is { IsOfOwners: true, Environment: null })
        {
            var totals = database.DeploymentCounts.Where(count => filter.Owners.Contains(count.OwnerId));
            if (filter.Status is { } state) totals = totals.Where(count => count.Status == state);
            return await totals.SumAsync(count => count.Total, cancellationToken);
        }

        var counts = Projects(filter).Join(database.ProjectDeploymentCounts, project => project.Id, count => count.ProjectId, (_, count) => count);
        if (filter.Status is { } status) counts = counts.Where(count => count.Status == status);
        if (filter.Environment is { } environment) counts = counts.Where(count => count.Environment == environment);
        return await counts.SumAsync(count => count.Total, cancellationToken);
    }

    /// <summary>The newest of each owner or project by a query of its own: for several at once an index gives no order. Beyond some dozens one sort is cheaper.</summary>
    private async Task<IQueryable<Deployment>> EachAsync(Filter filter, int count, TimeCursor? after, CancellationToken cancellationToken)
    {
        var all = Narrow(database.Deployments, filter, after);
        if (filter.IsOfOwners)
        {
            return filter.Owners.Count is 0 or > MostParts
                ? all.Where(deployment => filter.Owners.Contains(deployment.OwnerId))
                : Union(filter.Owners.Select(owner => all.Where(deployment => deployment.OwnerId == owner)));
        }

        // Found first: as part of the query they would be found again for each row.
        var projects = await Projects(filter).Select(project => project.Id).ToListAsync(cancellationToken);
        // None would be looked for among all of the owner's.
        if (projects.Count == 0) return database.Deployments.Where(_ => false);
        return projects.Count > MostParts
            ? all.Where(deployment => filter.Owners.Contains(deployment.OwnerId) && projects.Contains(deployment.ProjectId))
            : Union(projects.Select(id => all.Where(deployment => deployment.ProjectId == id)));

        IQueryable<Deployment> Union(IEnumerable<IQueryable<Deployment>> parts) => parts.Select(part => Newest(part).Take(count)).Aggregate((some, more) => some.Concat(more));
    }

    private IQueryable<Project> Projects(Filter filter)
    {
        var projects = database.Projects.Where(project => filter.Owners.Contains(project.OwnerId));
        if (filter.ProjectId is { } id) projects = projects.Where(project => project.Id == id);
        if (filter.Search is not { } search) return projects;
        var pattern = $"%{Escape(search)}%";
        return projects.Where(project => EF.Functions.ILike(project.Repository, pattern, "\\") || EF.Functions.ILike(project.Name, pattern, "\\"));
    }

    private static IQueryable<Deployment> Narrow(IQueryable<Deployment> all, Filter filter, TimeCursor? after)
    {
        if (filter.Status is { } status) all = all.Where(deployment => deployment.Status == status);
        if (filter.Branch is { } branch) all = all.Where(deployment => deployment.Branch == branch);
        // As a constant: the index of previews is a partial one.
        if (filter.Environment == DeploymentTrust.Preview) all = all.Where(deployment => deployment.Environment == DeploymentTrust.Preview);
        else if (filter.Environment is { } environment) all = all.Where(deployment => deployment.Environment == environment);
        return after is null ? all : After(all, after);
    }

    private static IQueryable<Deployment> After(IQueryable<Deployment> owned, TimeCursor cursor) => owned.Where(deployment =>
        EF.Functions.LessThan(ValueTuple.Create(deployment.CreatedAt, deployment.Id), ValueTuple.Create(cursor.At, cursor.Id)));

    private static IQueryable<Deployment> Newest(IQueryable<Deployment> deployments) =>
        deployments.OrderByDescending(deployment => deployment.CreatedAt).ThenByDescending(deployment => deployment.Id);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
