using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// Ends deployments whose job is over although they are not: it was cancelled while its worker was dead, so that no handler heard of it. Also
/// deletes the directories that dead workers left of deployments that have ended or been deleted, and the caches of deleted projects.
/// </summary>
internal sealed partial class AbandonedDeployments(
    IServiceScopeFactory scopes, IJobQueue jobs, DeploymentRecord records, BuildWorkspace workspace, BuildCache cache, TimeProvider time, ILogger<AbandonedDeployments> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>One round.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, jobId) in await ListOpenAsync(cancellationToken))
        {
            var job = await jobs.FindAsync(jobId, cancellationToken);
            switch (job?.State)
            {
                case JobState.Queued or JobState.Running:
                    continue;
                case JobState.Cancelled:
                    await records.CancelAsync(id, cancellationToken, "Cancelled while no worker was at it.");
                    break;
                default:
                    await records.FailAsync(
                        id,
                        new BuildFailureException(FailureCode.WorkerLost, "The worker stopped during the build.", "Deploy again; if it happens again, ask the operator."),
                        cancellationToken,
                        $"The worker stopped during the build. Deployment failed ({FailureCode.WorkerLost}).");
                    break;
            }
        }

        foreach (var id in await ListAbandonedAsync(workspace.List(), cancellationToken)) workspace.RemoveLeftovers(id);
        foreach (var project in await ListDeletedProjectsAsync(cache.List(), cancellationToken)) cache.Remove(project);
        await workspace.EmptyTrashAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away: the next round looks again.
                Log.RoundFailed(logger, exception);
            }
        }
    }

    private async Task<List<(Guid Id, Guid JobId)>> ListOpenAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var before = time.GetUtcNow() - Grace;
        string[] open = [DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying];
        var rows = await db.Deployments.AsNoTracking()
            .Where(deployment => open.Contains(deployment.Status) && deployment.JobId != null && deployment.CreatedAt < before)
            // A job that the outbox has not relayed yet is not known to the engine.
            .Where(deployment => !db.OutboxJobs.Any(job => job.Id == deployment.JobId))
            .OrderBy(deployment => deployment.CreatedAt).Take(200)
            .Select(deployment => new { deployment.Id, JobId = deployment.JobId!.Value })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Id, row.JobId))];
    }

    /// <summary>Those that have ended or are not known (any more).</summary>
    private async Task<IEnumerable<Guid>> ListAbandonedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        await using var scope = scopes.CreateAsyncScope();
        var needed = await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Deployments
            .Where(deployment => ids.Contains(deployment.Id) && deployment.CompletedAt == null)
            .Select(deployment => deployment.Id).ToListAsync(cancellationToken);
        return ids.Except(needed);
    }

    private async Task<IEnumerable<Guid>> ListDeletedProjectsAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        await using var scope = scopes.CreateAsyncScope();
        var known = await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Projects
            .Where(project => ids.Contains(project.Id)).Select(project => project.Id).ToListAsync(cancellationToken);
        return ids.Except(known);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not look for abandoned deployments")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
