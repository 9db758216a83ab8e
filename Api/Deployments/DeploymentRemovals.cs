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
internal sealed class DeploymentRemovals(PlatformDbContext db, IJobOutbox outbox, IJobQueue jobs, IEventBus events)
{
    public async Task<DeletionOutcome> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var (outcome, jobId, slug) = await db.InTransactionAsync(token => DeleteRowAsync(id, token), cancellationToken);
        if (outcome != DeletionOutcome.Deleted) return outcome;
        // Of a worker that is at it only its job can be stopped; it finds no row to finish.
        if (jobId is { } job) await jobs.CancelAsync(job, cancellationToken);
        await outbox.RelayAsync(cancellationToken);
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
        var found = await db.Deployments.AsNoTracking().Include(deployment => deployment.Project).FirstOrDefaultAsync(deployment => deployment.Id == id, cancellationToken);
        if (found?.Project is not { } project) return (DeletionOutcome.NotFound, null, null);
        if (project.ProductionDeploymentId == id) return (DeletionOutcome.InProduction, null, null);
        await db.OutboxJobs.Where(job => job.Id == found.JobId).ExecuteDeleteAsync(cancellationToken);
        await db.Deployments.Where(deployment => deployment.Id == id).ExecuteDeleteAsync(cancellationToken);
        var isFinal = DeploymentStatus.IsFinal(found.Status);
        if (!isFinal) ReportDeleted(found, project);
        await db.SaveChangesAsync(cancellationToken);
        return (DeletionOutcome.Deleted, isFinal ? null : found.JobId, project.Slug);
    }

    /// <summary>What GitHub was told of a deployment that goes before it has ended is no longer true. Part of the caller's unit of work.</summary>
    public void ReportDeleted(Deployment deployment, Project project)
    {
        if (project.GitHubRepoId is null || (deployment.CommitHash ?? deployment.RequestedCommit) is not { } sha) return;
        outbox.Add(
            new ReportDeletedDeploymentJob(deployment.Id, project.Id, project.UserId, project.Repository, project.Slug, sha, deployment.PullRequest), ReportDeploymentJob.Options);
    }
}
