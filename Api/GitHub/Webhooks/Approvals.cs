using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>Lets a deployment of a fork begin.</summary>
internal sealed class Approvals(PlatformDbContext database, IJobOutbox outbox)
{
    public Task<Guid?> FindOwnerAsync(Guid id, CancellationToken cancellationToken) =>
        database.Deployments.Where(row => row.Id == id).Select(row => (Guid?)row.OwnerId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>False: it does not wait, or somebody else was quicker.</summary>
    public async Task<bool> ApproveAsync(Guid id, Guid ownerId, CancellationToken cancellationToken)
    {
        var approved = await database.InTransactionAsync(
            async token =>
            {
                var job = outbox.Add(new BuildDeploymentJob(id), new EnqueueOptions { FairnessKey = ownerId.ToString("N") });
                outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
                var rows = await database.Deployments
                    .Where(row => row.Id == id && row.Status == DeploymentStatus.Queued && row.Approval == DeploymentApproval.Waiting)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.Approval, DeploymentApproval.Approved).SetProperty(each => each.JobId, job), token);
                if (rows == 0)
                {
                    database.ChangeTracker.Clear();
                    return false;
                }

                await database.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Queued)
                    .ExecuteUpdateAsync(stage => stage.SetProperty(each => each.ErrorMessage, (string?)null), token);
                await database.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
        if (approved) await outbox.RelayAsync(cancellationToken);
        return approved;
    }
}
