using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

/// <summary>Makes a project's webhook at GitHub when pushes deploy it, and removes it when they do not. Projects of one repository share it.</summary>
internal sealed partial class WebhookSync(
    PlatformDbContext database,
    IGitHubClient gitHub,
    GitHubConnections connections,
    OpenPullRequestReader pulls,
    IJobQueue jobs,
    IOptions<GitHubOptions> options,
    TimeProvider time,
    ILogger<WebhookSync> logger)
    : IJobHandler<SyncWebhookJob>
{
    private static readonly string[] Events = ["push", "pull_request"];

    public async Task HandleAsync(SyncWebhookJob job, JobContext context, CancellationToken cancellationToken)
    {
        if (options.Value is not { WebhookUrl: { } address, WebhookSecret: { Length: > 0 } secret }) return;
        try
        {
            await database.InTransactionAsync(token => SyncAsync(job.ProjectId, new GitHubWebhook(address.AbsoluteUri, secret, Events), token), cancellationToken);
            await pulls.ReadAsync(job.ProjectId, cancellationToken);
        }
        catch (GitHubConnectionException)
        {
            Log.NotConnected(logger, job.ProjectId);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.RateLimited)
        {
            // Not before GitHub takes requests again, and without using up the attempts.
            var wait = GitHubFeature.WaitUntil(exception.RetryAt, time);
            Log.Limited(logger, job.ProjectId, wait);
            await jobs.EnqueueAsync(job, SyncWebhookJob.Options with { Delay = wait }, cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is GitHubError.Forbidden or GitHubError.NotFound or GitHubError.Failed)
        {
            // Who may only read a repository cannot have a webhook of it.
            throw new JobFailedException(exception.Message, exception);
        }
    }

    public Task OnDeadAsync(SyncWebhookJob job, JobContext context, string error, CancellationToken cancellationToken)
    {
        Log.GaveUp(logger, job.ProjectId, error);
        return Task.CompletedTask;
    }

    private async Task SyncAsync(Guid id, GitHubWebhook webhook, CancellationToken cancellationToken)
    {
        var project = await database.Projects.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (project?.GitHubRepoId is not { } repository) return;
        // Two projects of a repository are looked at one after the other.
        await WebhookLock.TakeAsync(database, repository, cancellationToken);
        project = await database.Projects.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.GitHubRepoId == repository, cancellationToken);
        // Deleted, or moved to another repository: that has a job of its own.
        if (project is null) return;
        if (GitHubFeature.NameOf(project.Repository) is not [var owner, var name]) return;
        // The App delivers by itself.
        if (await database.GitHubInstallations.AnyAsync(row => row.OwnerId == project.UserId && EF.Functions.ILike(row.AccountLogin, owner), cancellationToken)) return;
        if (project.AutoDeploy == (project.GitHubHookId is not null)) return;
        await connections.CallAsync(
            project.UserId,
            async (_, token) =>
            {
                if (project.AutoDeploy)
                {
                    var made = await gitHub.CreateWebhookAsync(token, owner, name, webhook, cancellationToken);
                    if (await SetAsync(project, made, cancellationToken) == 0) await DeleteAsync(made);
                    return true;
                }

                await SetAsync(project, null, cancellationToken);
                await DeleteAsync(project.GitHubHookId!.Value);
                return true;

                async Task DeleteAsync(long hook)
                {
                    if (!await database.Projects.AnyAsync(row => row.GitHubHookId == hook && row.GitHubRepoId == repository, cancellationToken))
                        await gitHub.DeleteWebhookAsync(token, owner, name, hook, cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <returns>0: the project was deleted or moved while GitHub was asked.</returns>
    private Task<int> SetAsync(Project project, long? hook, CancellationToken cancellationToken) =>
        database.Projects.Where(row => row.Id == project.Id && row.GitHubRepoId == project.GitHubRepoId).ExecuteUpdateAsync(row => row.SetProperty(each => each.GitHubHookId, hook), cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "GitHub takes no more requests; {Id} is looked at again in {Wait}")]
        public static partial void Limited(ILogger logger, Guid id, TimeSpan wait);

        [LoggerMessage(1, LogLevel.Information, "Project {ProjectId} has no webhook at GitHub: no account is connected")]
        public static partial void NotConnected(ILogger logger, Guid projectId);

        [LoggerMessage(2, LogLevel.Warning, "The webhook of project {ProjectId} was not made or removed: {Error}")]
        public static partial void GaveUp(ILogger logger, Guid projectId, string error);
    }
}
