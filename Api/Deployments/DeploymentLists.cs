using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Deployments;

/// <summary>
/// Finds the rows of lists without reading what is not shown: each owner's newest come from an index by key, totals from counters. A search counts
/// up to <see cref="MostFound"/> and says so by stopping there.
/// </summary>
internal sealed class DeploymentLists(PlatformDbContext database)
{
    /// <summary>The largest total that is told of what counters do not know.</summary>
    public const int MostCounted = 10_000;

    /// <summary>The largest total that a search tells: each of its rows has to be read.</summary>
    public const int MostFound = 1_000;

    private const int MostOwners = 50;

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
        /// <summary>Counters know owners and states only.</summary>
        public bool IsCounted => Search is null && ProjectId is null && Branch is null && Environment is null;
    }

    /// <summary>A page of them, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to take.</param>
    /// <param name="after">Only what comes after this one.</param>
    public IQueryable<Deployment> Page(Filter filter, int skip, int take, TimeCursor? after = null) =>
        Newest(Each(filter).Select(owned => after is null ? owned : After(owned, after)).Select(owned => Newest(owned).Take(skip + take)).Aggregate((all, owned) => all.Concat(owned))).Skip(skip).Take(take);

    public async Task<long> CountAsync(Filter filter, CancellationToken cancellationToken)
    {
        if (!filter.IsCounted)
            return await Each(filter).Aggregate((all, owned) => all.Concat(owned)).Take(filter.Search is null ? MostCounted : MostFound).LongCountAsync(cancellationToken);
        var counts = database.DeploymentCounts.Where(count => filter.Owners.Contains(count.OwnerId));
        if (filter.Status is { } status) counts = counts.Where(count => count.Status == status);
        return await counts.SumAsync(count => count.Total, cancellationToken);
    }

    /// <summary>One query for each owner: for several at once the index gives no order. Beyond some dozens one sort is cheaper.</summary>
    private IEnumerable<IQueryable<Deployment>> Each(Filter filter) => filter.Owners.Count > MostOwners
        ? [Narrow(database.Deployments.AsNoTracking().Where(deployment => filter.Owners.Contains(deployment.OwnerId)), filter)]
        : filter.Owners.Select(owner => Narrow(database.Deployments.AsNoTracking().Where(deployment => deployment.OwnerId == owner), filter));

    private IQueryable<Deployment> Narrow(IQueryable<Deployment> owned, Filter filter)
    {
        if (filter.Status is { } status) owned = owned.Where(deployment => deployment.Status == status);
        if (filter.ProjectId is { } project) owned = owned.Where(deployment => deployment.ProjectId == project);
        if (filter.Branch is { } branch) owned = owned.Where(deployment => deployment.Branch == branch);
        if (filter.Environment == DeploymentTrust.Preview) owned = owned.Where(deployment => deployment.Environment == DeploymentTrust.Preview);
        else if (filter.Environment is { } environment) owned = owned.Where(deployment => deployment.Environment == environment);
        if (filter.Search is not { } search) return owned;
        var pattern = $"%{Escape(search)}%";
        var projects = database.Projects
            .Where(project => filter.Owners.Contains(project.OwnerId)
                && (EF.Functions.ILike(project.Repository, pattern, "\\") || EF.Functions.ILike(project.Name, pattern, "\\")))
            .Select(project => project.Id);
        return owned.Where(deployment => projects.Contains(deployment.ProjectId));
    }

    private static IQueryable<Deployment> After(IQueryable<Deployment> owned, TimeCursor cursor) => owned.Where(deployment =>
        EF.Functions.LessThan(ValueTuple.Create(deployment.CreatedAt, deployment.Id), ValueTuple.Create(cursor.At, cursor.Id)));

    private static IQueryable<Deployment> Newest(IQueryable<Deployment> deployments) =>
        deployments.OrderByDescending(deployment => deployment.CreatedAt).ThenByDescending(deployment => deployment.Id);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
