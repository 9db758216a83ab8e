using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>What GitHub delivered about an owner's projects. Bodies are shown to nobody: another project's may be in them.</summary>
internal sealed class DeliveryHistory(PlatformDbContext database)
{
    public async Task<DeliveryListResponse> ListAsync(Guid owner, PageQuery page, CancellationToken cancellationToken)
    {
        var mine = database.GitHubDeliveryResults.Where(result => database.Projects.Any(project => project.Id == result.ProjectId && project.OwnerId == owner));
        var rows = database.GitHubDeliveries.AsNoTracking().Where(row => mine.Any(result => result.DeliveryId == row.Id));
        var total = await rows.LongCountAsync(cancellationToken);
        var found = await rows.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.Id).Skip(page.Skip).Take(page.Size)
            .Select(row => new { row.Id, row.DeliveryId, row.Event, row.Action, row.Repository, row.Status, row.Reason, row.Attempts, row.ReceivedAt })
            .ToListAsync(cancellationToken);
        var ids = found.ConvertAll(row => row.Id);
        var results = await (
            from result in mine
            where ids.Contains(result.DeliveryId)
            join project in database.Projects on result.ProjectId equals project.Id
            orderby project.Name, project.Id
            select new { result.DeliveryId, Response = new DeliveryProjectResponse(project.Id, project.Name, result.Outcome, result.Reason, result.DeploymentId) })
            .AsNoTracking().ToListAsync(cancellationToken);
        return new DeliveryListResponse(
            [.. found.Select(row => new DeliveryResponse(
                row.Id, row.DeliveryId, row.Event, row.Action, row.Repository, row.Status, row.Reason, row.Attempts, row.ReceivedAt,
                [.. results.Where(result => result.DeliveryId == row.Id).Select(result => result.Response)]))],
            PaginationResponse.Of(page, total));
    }

    /// <summary>The projects it concerned and whom they belong to.</summary>
    public async Task<List<(Guid Project, Guid Owner)>> FindProjectsAsync(Guid id, CancellationToken cancellationToken)
    {
        var rows = await (
            from result in database.GitHubDeliveryResults
            where result.DeliveryId == id
            join project in database.Projects on result.ProjectId equals project.Id
            select new { project.Id, project.OwnerId }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => (row.Id, row.OwnerId));
    }
}
