using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments.Logs;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>Why a deployment ends before it has begun.</summary>
/// <param name="Code">For programs; null: somebody cancelled it, which is no failure.</param>
/// <param name="Text">For people: a sentence or two.</param>
internal sealed record QueuedEnd(string? Code, string Text)
{
    public const string Superseded = "SUPERSEDED";
    public const string BranchRemoved = "BRANCH_REMOVED";
}

/// <summary>Ends deployments that wait for a worker. What became of them stands in the row, its stages and its log, and GitHub is told.</summary>
internal sealed class QueuedDeployments(PlatformDbContext db, IJobOutbox outbox, PlatformLines lines, IEventBus events, TimeProvider time)
{
    /// <summary>Part of the caller's transaction, who stops the job and calls <see cref="AnnounceAsync"/> afterwards.</summary>
    /// <returns>False: a worker has it, or it has ended.</returns>
    public async Task<bool> EndAsync(Guid id, QueuedEnd end, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var message = end.Code is null ? null : end.Text;
        var rows = await db.Deployments.Where(row => row.Id == id && row.Status == DeploymentStatus.Queued).ExecuteUpdateAsync(
            row => row.SetProperty(each => each.Status, DeploymentStatus.Cancelled).SetProperty(each => each.CompletedAt, now)
                .SetProperty(each => each.ErrorCode, end.Code).SetProperty(each => each.ErrorMessage, message),
            cancellationToken);
        if (rows == 0) return false;
        await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Queued).ExecuteUpdateAsync(
            stage => stage.SetProperty(each => each.Status, "failed").SetProperty(each => each.CompletedAt, now).SetProperty(each => each.ErrorMessage, end.Text), cancellationToken);
        await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Success).ExecuteUpdateAsync(
            stage => stage.SetProperty(each => each.StageName, DeploymentStatus.Cancelled).SetProperty(each => each.Status, "failed")
                .SetProperty(each => each.StartedAt, now).SetProperty(each => each.CompletedAt, now),
            cancellationToken);
        await lines.AppendAsync(db, id, PlatformLines.Warning, end.Text, cancellationToken);
        await ReportAsync(id, cancellationToken);
        return true;
    }

    /// <summary>Viewers also look at the row: a lost announcement delays what they see, nothing more.</summary>
    public async Task AnnounceAsync(Guid id, CancellationToken cancellationToken)
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

    /// <summary>Otherwise the commit would wait for ever.</summary>
    private async Task ReportAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await db.Deployments.AnyAsync(row => row.Id == id && row.Project!.GitHubRepoId != null, cancellationToken)) return;
        outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
        await db.SaveChangesAsync(cancellationToken);
    }
}
