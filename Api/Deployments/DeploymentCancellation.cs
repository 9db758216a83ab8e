using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>Stops deployments.</summary>
internal sealed class DeploymentCancellation(PlatformDbContext db, IJobOutbox outbox, IJobQueue jobs, IEventBus events, TimeProvider time)
{
    /// <summary>Asks a running deployment to stop, or ends one that has not started.</summary>
    /// <returns>Its status now, and whether it had ended before.</returns>
    public async Task<(string? Status, bool WasFinal)> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await db.Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => new { deployment.Status, deployment.JobId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return (null, false);
        if (DeploymentStatus.IsFinal(found.Status)) return (found.Status, true);

        // A job that has not started never does; the worker of one that runs ends the deployment itself, with its log.
        if (found.JobId is { } jobId) await jobs.CancelAsync(jobId, cancellationToken);
        if (await EndQueuedAsync(id, cancellationToken)) return (DeploymentStatus.Cancelled, false);
        return (found.Status == DeploymentStatus.Queued ? DeploymentStatus.Building : found.Status, false);
    }

    private async Task<bool> EndQueuedAsync(Guid id, CancellationToken cancellationToken)
    {
        var ended = await db.InTransactionAsync(token => EndRowAsync(id, token), cancellationToken);
        if (!ended) return false;
        await outbox.RelayAsync(cancellationToken);
        await AnnounceAsync(id, cancellationToken);
        return true;
    }

    private async Task<bool> EndRowAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = await db.Deployments.Where(deployment => deployment.Id == id && deployment.Status == DeploymentStatus.Queued).ExecuteUpdateAsync(
            setters => setters.SetProperty(deployment => deployment.Status, DeploymentStatus.Cancelled).SetProperty(deployment => deployment.CompletedAt, now),
            cancellationToken);
        if (rows == 0) return false;
        await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Queued).ExecuteUpdateAsync(
            setters => setters.SetProperty(stage => stage.Status, "failed").SetProperty(stage => stage.CompletedAt, now), cancellationToken);
        await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Success).ExecuteUpdateAsync(
            setters => setters
                .SetProperty(stage => stage.StageName, DeploymentStatus.Cancelled).SetProperty(stage => stage.Status, "failed")
                .SetProperty(stage => stage.StartedAt, now).SetProperty(stage => stage.CompletedAt, now),
            cancellationToken);
        // Otherwise the commit would wait for ever.
        if (await db.Deployments.AnyAsync(deployment => deployment.Id == id && deployment.Project!.GitHubRepoId != null, cancellationToken))
        {
            outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
            await db.SaveChangesAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Viewers also look at the row: a lost announcement delays what they see, nothing more.</summary>
    private async Task AnnounceAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(Topics.Deployment(id), new DeploymentChanged(id, DeploymentStatus.Cancelled, "Cancelled"), cancellationToken);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
    }
}
