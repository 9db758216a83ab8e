using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>What became of a wish to delete a deployment.</summary>
internal enum DeletionOutcome
{
    Deleted,
    NotFound,

    /// <summary>Visitors of the site see it now.</summary>
    InProduction,
}

/// <summary>Deletes single deployments. Their files go with the next collection of what nothing refers to.</summary>
internal sealed class DeploymentRemovals(PlatformDbContext db, IJobQueue jobs, IEventBus events)
{
    public async Task<DeletionOutcome> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var (outcome, jobId, slug) = await db.InTransactionAsync(token => DeleteRowAsync(id, token), cancellationToken);
        if (outcome != DeletionOutcome.Deleted) return outcome;
        // Of a worker that is at it only its job can be stopped; it finds no row to finish.
        if (jobId is { } job) await jobs.CancelAsync(job, cancellationToken);
        await AnnounceAsync(slug!, cancellationToken);
        return outcome;
    }

    /// <summary>The sites host forgets what it knows about a site. It also looks by itself, seconds later.</summary>
    public async Task AnnounceAsync(string slug, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(Topics.Sites, new SiteChanged(slug), cancellationToken);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
    }

    private async Task<(DeletionOutcome Outcome, Guid? JobId, string? Slug)> DeleteRowAsync(Guid id, CancellationToken cancellationToken)
    {
        // Whoever promotes it at the same time holds the project as well: one comes after the other.
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM projects WHERE id = (SELECT project_id FROM deployments WHERE id = {id}) FOR UPDATE", cancellationToken);
        var found = await db.Deployments.Where(deployment => deployment.Id == id)
            .Select(deployment => new { deployment.JobId, deployment.Status, deployment.Project!.Slug, Production = deployment.Project.ProductionDeploymentId })
            .FirstOrDefaultAsync(cancellationToken);
        if (found is null) return (DeletionOutcome.NotFound, null, null);
        if (found.Production == id) return (DeletionOutcome.InProduction, null, null);
        await db.OutboxJobs.Where(job => job.Id == found.JobId).ExecuteDeleteAsync(cancellationToken);
        await db.Deployments.Where(deployment => deployment.Id == id).ExecuteDeleteAsync(cancellationToken);
        return (DeletionOutcome.Deleted, DeploymentStatus.IsFinal(found.Status) ? null : found.JobId, found.Slug);
    }
}
