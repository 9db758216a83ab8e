using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

/// <summary>
/// Takes back at GitHub what somebody had allowed the platform. An installation of the App is not taken away: it belongs to whoever administers
/// that account, and others may work with it.
/// </summary>
internal sealed partial class GrantRevocation(
    PlatformDbContext database,
    IGitHubClient gitHub,
    GitHubTokens tokens,
    GitHubAppUserTokens appTokens,
    IJobQueue jobs,
    IOptions<GitHubOptions> options,
    IOptions<GitHubAppOptions> app,
    TimeProvider time,
    ILogger<GrantRevocation> logger) : IJobHandler<RevokeGitHubJob>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task HandleAsync(RevokeGitHubJob job, JobContext context, CancellationToken cancellationToken)
    {
        if (await IsNeededAsync(job.After, cancellationToken))
        {
            await jobs.EnqueueAsync(job, RevokeGitHubJob.Options with { Delay = Patience }, cancellationToken);
            return;
        }

        try
        {
            await RevokeAsync(job, cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.RateLimited)
        {
            var wait = GitHubFeature.WaitUntil(exception.RetryAt, time);
            Log.Limited(logger, wait);
            await jobs.EnqueueAsync(job, RevokeGitHubJob.Options with { Delay = wait }, cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is not GitHubError.Unavailable)
        {
            // A secret that GitHub does not take does not become better.
            throw new JobFailedException(exception.Message, exception);
        }
    }

    public Task OnDeadAsync(RevokeGitHubJob job, JobContext context, string error, CancellationToken cancellationToken)
    {
        Log.GaveUp(logger, job.Login, error);
        return Task.CompletedTask;
    }

    private async Task<bool> IsNeededAsync(IReadOnlyList<Guid> after, CancellationToken cancellationToken)
    {
        if (await database.OutboxJobs.AnyAsync(row => after.Contains(row.Id), cancellationToken)) return true;
        foreach (var id in after)
        {
            if (await jobs.FindAsync(id, cancellationToken) is { State: JobState.Queued or JobState.Running }) return true;
        }

        return false;
    }

    private async Task RevokeAsync(RevokeGitHubJob job, CancellationToken cancellationToken)
    {
        if (tokens.Unprotect(job.Token) is not { } token)
        {
            Log.Unreadable(logger, job.Login);
            return;
        }

        if (await RevokeAsync(token, job.Login, cancellationToken)) return;
        // A token of the App runs out after some hours; what was allowed does not.
        if (job.RefreshToken is not { } stored || !appTokens.IsConfigured || tokens.Unprotect(stored) is not { } refresh) return;
        if (await appTokens.RenewAsync(refresh, cancellationToken) is { } renewed) await RevokeAsync(renewed.AccessToken, job.Login, cancellationToken);
    }

    /// <returns>False: no application of ours knows the token any more.</returns>
    private async Task<bool> RevokeAsync(string token, string? login, CancellationToken cancellationToken)
    {
        foreach (var (id, secret) in Applications().Distinct())
        {
            // Connected again, or with another account of ours: what that one uses stays.
            var isShared = login is not null && await database.GitHubConnections.AnyAsync(row => EF.Functions.ILike(row.GitHubUsername!, login), cancellationToken);
            var revoked = isShared
                ? await gitHub.RevokeTokenAsync(id, secret, token, cancellationToken)
                : await gitHub.RevokeGrantAsync(id, secret, token, cancellationToken);
            if (revoked) return true;
        }

        return false;
    }

    private IEnumerable<(string Id, string Secret)> Applications()
    {
        if (options.Value is { ClientId.Length: > 0, ClientSecret.Length: > 0 } oauth) yield return (oauth.ClientId, oauth.ClientSecret);
        if (app.Value is { ClientId.Length: > 0, ClientSecret.Length: > 0 } own) yield return (own.ClientId, own.ClientSecret);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "GitHub takes no more requests; a grant is revoked in {Wait}")]
        public static partial void Limited(ILogger logger, TimeSpan wait);

        [LoggerMessage(2, LogLevel.Warning, "What {Login} allowed at GitHub was not taken back, they can do so in its settings: {Error}")]
        public static partial void GaveUp(ILogger logger, string? login, string error);

        [LoggerMessage(3, LogLevel.Warning, "The token of {Login} cannot be read, so it is not revoked at GitHub: this installation's keys did not write it")]
        public static partial void Unreadable(ILogger logger, string? login);
    }
}
