using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.Deployments;

/// <summary>Stops deployments.</summary>
internal sealed class DeploymentCancellation(PlatformDbContext db, QueuedDeployments queue, IJobOutbox outbox, IJobQueue jobs)
{
    /// <summary>Asks a running deployment to stop, or ends one that has not started.</summary>
    /// <returns>Its status now, and whether it had ended before.</returns>
    public async Task<(string? Status, bool WasFinal)> CancelAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var found = await db.Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => new { deployment.Status, deployment.JobId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return (null, false);
        if (DeploymentStatus.IsFinal(found.Status)) return (found.Status, true);

        // A job that has not started never does; the worker of one that runs ends the deployment itself, with its log.
        if (found.JobId is { } jobId) await jobs.CancelAsync(jobId, cancellationToken);
        if (await EndQueuedAsync(id, user, cancellationToken)) return (DeploymentStatus.Cancelled, false);
        return (found.Status == DeploymentStatus.Queued ? DeploymentStatus.Building : found.Status, false);
    }

    private async Task<bool> EndQueuedAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var who = user.Token is null ? user.Name : $"an API token of {user.Name}";
        var end = new QueuedEnd(null, $"Cancelled by {who} before the build had started.");
        if (!await db.InTransactionAsync(token => queue.EndAsync(id, end, token), cancellationToken)) return false;
        await outbox.RelayAsync(cancellationToken);
        await queue.AnnounceAsync(id, cancellationToken);
        return true;
    }
}
