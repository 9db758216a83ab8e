using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

/// <summary>Removes the webhook of a repository that a project has left. One that other projects listen by stays.</summary>
internal sealed partial class WebhookRemoval(
    PlatformDbContext database, IGitHubClient gitHub, GitHubConnections connections, GitHubTokens tokens, IJobQueue jobs, TimeProvider time, ILogger<WebhookRemoval> logger)
    : IJobHandler<RemoveWebhookJob>
{
    public async Task HandleAsync(RemoveWebhookJob job, JobContext context, CancellationToken cancellationToken)
    {
        try
        {
            await database.InTransactionAsync(token => RemoveAsync(job, token), cancellationToken);
        }
        catch (GitHubConnectionException)
        {
            Log.NotConnected(logger, job.HookId, job.Repository);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.Unauthorized)
        {
            // A token that is worth nothing any more does not become better.
            Log.Refused(logger, job.HookId, job.Repository);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.RateLimited)
        {
            var wait = GitHubFeature.WaitUntil(exception.RetryAt, time);
            Log.Limited(logger, job.HookId, wait);
            await jobs.EnqueueAsync(job, RemoveWebhookJob.Options with { Delay = wait }, cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is GitHubError.Forbidden or GitHubError.NotFound or GitHubError.Failed)
        {
            throw new JobFailedException(exception.Message, exception);
        }
    }

    public Task OnDeadAsync(RemoveWebhookJob job, JobContext context, string error, CancellationToken cancellationToken)
    {
        Log.GaveUp(logger, job.HookId, job.Repository, error);
        return Task.CompletedTask;
    }

    private async Task RemoveAsync(RemoveWebhookJob job, CancellationToken cancellationToken)
    {
        if (GitHubFeature.NameOf(job.Repository) is not [var owner, var name]) return;
        await WebhookLock.TakeAsync(database, job.RepositoryId, cancellationToken);
        if (await database.Projects.AnyAsync(row => row.GitHubRepoId == job.RepositoryId && row.GitHubHookId == job.HookId, cancellationToken)) return;
        if (job.UserId is { } user) await connections.CallAsync(user, (_, token) => gitHub.DeleteWebhookAsync(token, owner, name, job.HookId, cancellationToken), cancellationToken);
        else await gitHub.DeleteWebhookAsync(ReadToken(job), owner, name, job.HookId, cancellationToken);
    }

    /// <exception cref="GitHubConnectionException">There is none, or the keys of this installation did not write it.</exception>
    private string ReadToken(RemoveWebhookJob job) =>
        job.Token is { } stored && tokens.Unprotect(stored) is { } token ? token : throw new GitHubConnectionException(isBroken: job.Token is not null);

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "GitHub takes no more requests; webhook {HookId} is looked at again in {Wait}")]
        public static partial void Limited(ILogger logger, long hookId, TimeSpan wait);

        [LoggerMessage(4, LogLevel.Warning, "Webhook {HookId} of {Repository} stays: GitHub does not take the token of the account that made it any more. Its deliveries are ignored; remove it at GitHub")]
        public static partial void Refused(ILogger logger, long hookId, string repository);

        [LoggerMessage(1, LogLevel.Information, "Webhook {HookId} of {Repository} stays: no account is connected that could remove it")]
        public static partial void NotConnected(ILogger logger, long hookId, string repository);

        [LoggerMessage(2, LogLevel.Warning, "Webhook {HookId} of {Repository} was not removed: {Error}")]
        public static partial void GaveUp(ILogger logger, long hookId, string repository, string error);
    }
}

/// <summary>Projects of one repository share its webhook: whoever makes or removes it does so alone, until the transaction ends.</summary>
internal static class WebhookLock
{
    public static Task TakeAsync(PlatformDbContext database, string repositoryId, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"github-webhook:" + repositoryId}, 0))", cancellationToken);
}
