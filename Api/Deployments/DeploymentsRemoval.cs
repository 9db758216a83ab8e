using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>Deletes an account's projects and deployments: its builds stop and its sites are served no longer. Files in the artifact store that nothing refers to are collected later.</summary>
internal sealed class DeploymentsRemoval(IJobQueue jobs, IEventBus events, ISourceArchives archives, ProjectWebhooks webhooks) : IAccountRemoval
{
    private const string Nobody = "Deleted account";

    public Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) => Task.FromResult<ErrorResult?>(null);

    public async Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken)
    {
        var owners = account.Owners.ToArray();
        // Rows that a build is just changing are waited for; afterwards the worker finds nothing to change.
        await database.Database.ExecuteSqlAsync($"SELECT 1 FROM projects WHERE owner_id = ANY ({owners}) ORDER BY id FOR UPDATE", cancellationToken);
        var slugs = await database.Projects.Where(project => owners.Contains(project.OwnerId)).Select(project => project.Slug).ToListAsync(cancellationToken);
        var unfinished = new[] { DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying };
        var running = await database.Deployments
            .Where(deployment => owners.Contains(deployment.OwnerId) && deployment.JobId != null && unfinished.Contains(deployment.Status))
            .Select(deployment => deployment.JobId!.Value).ToListAsync(cancellationToken);

        // Jobs that were not handed over yet never will be.
        await database.OutboxJobs.Where(job => running.Contains(job.Id)).ExecuteDeleteAsync(cancellationToken);
        var hasWebhooks = await webhooks.LeaveAllAsync(database, account.Id, owners, cancellationToken);
        await database.Projects.Where(project => owners.Contains(project.OwnerId)).ExecuteDeleteAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"DELETE FROM deployment_counts WHERE owner_id = ANY ({owners})", cancellationToken);
        // What the person did for others stays, without the name.
        await database.Deployments.Where(deployment => deployment.UserId == account.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Author, Nobody), cancellationToken);
        return token => AnnounceAsync(owners, running, slugs, hasWebhooks, token);
    }

    private async Task AnnounceAsync(Guid[] owners, List<Guid> running, List<string> slugs, bool hasWebhooks, CancellationToken cancellationToken)
    {
        if (hasWebhooks) await webhooks.RelayAsync(cancellationToken);
        foreach (var id in running) await jobs.CancelAsync(id, cancellationToken);
        foreach (var owner in owners) await archives.DeleteAllAsync(owner, cancellationToken);
        // The sites host also looks by itself, seconds later.
        foreach (var slug in slugs) await events.PublishAsync(Topics.Sites, new SiteChanged(slug), cancellationToken);
    }
}
