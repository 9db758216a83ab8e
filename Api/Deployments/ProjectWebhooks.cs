using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.Deployments;

/// <summary>Keeps what GitHub delivers in step with projects: jobs of the unit of work that changes them, which the caller saves and relays.</summary>
internal sealed class ProjectWebhooks(IJobOutbox outbox)
{
    /// <summary>The project is made of another repository of GitHub now, or of none.</summary>
    /// <param name="project">Changed already, but for what GitHub calls it.</param>
    /// <param name="oldRepository">What it was made of; the same for a new project.</param>
    /// <param name="gitHubId">What GitHub calls the repository; null: nobody has shown that they can read it.</param>
    /// <returns>Whether anything has changed.</returns>
    public bool Move(Project project, string oldRepository, string? gitHubId)
    {
        if (project.GitHubRepoId == gitHubId) return false;
        Leave(project, oldRepository);
        (project.GitHubRepoId, project.GitHubHookId) = (gitHubId, null);
        if (gitHubId is not null) Sync(project);
        return true;
    }

    /// <summary>Pushes deploy it from now on, or no longer.</summary>
    public void Sync(Project project)
    {
        if (project.GitHubRepoId is not null) outbox.Add(new SyncWebhookJob(project.Id), SyncWebhookJob.Options);
    }

    /// <summary>The project no longer listens to the repository.</summary>
    public void Leave(Project project, string repository)
    {
        if (project is { GitHubRepoId: { } id, GitHubHookId: { } hook }) outbox.Add(new RemoveWebhookJob(project.UserId, repository, id, hook), RemoveWebhookJob.Options);
    }

    /// <summary>
    /// All projects of these owners go, and with them an account. Its own webhooks are removed later by its token, which each job takes along, because
    /// by then nothing else is left of the connection; the last job takes the token back at GitHub. Saves.
    /// </summary>
    /// <returns>Whether there is anything to relay.</returns>
    public async Task<bool> LeaveAllAsync(PlatformDbContext database, Guid account, IReadOnlyList<Guid> owners, CancellationToken cancellationToken)
    {
        var hooks = await database.Projects.Where(row => owners.Contains(row.OwnerId) && row.GitHubRepoId != null && row.GitHubHookId != null)
            .Select(row => new { row.UserId, row.Repository, Id = row.GitHubRepoId!, Hook = row.GitHubHookId!.Value }).Distinct().ToListAsync(cancellationToken);
        // Nobody renews the token from here on.
        var connection = (await database.GitHubConnections.FromSql($"SELECT * FROM github_connections WHERE user_id = {account} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken))
            .SingleOrDefault();
        if (hooks.Count == 0 && connection is null) return false;
        var own = new List<Guid>();
        foreach (var hook in hooks)
        {
            var isOwn = hook.UserId == account;
            var job = outbox.Add(
                new RemoveWebhookJob(isOwn ? null : hook.UserId, hook.Repository, hook.Id, hook.Hook, isOwn ? connection?.GitHubAccessToken : null), RemoveWebhookJob.Options);
            if (isOwn) own.Add(job);
        }

        if (connection is not null)
            outbox.Add(new RevokeGitHubJob(connection.GitHubAccessToken, connection.GitHubRefreshToken, connection.GitHubUsername, own), RevokeGitHubJob.Options);
        await database.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Hands over what <see cref="LeaveAllAsync"/> has placed; without it the relay does so seconds later.</summary>
    public Task RelayAsync(CancellationToken cancellationToken) => outbox.RelayAsync(cancellationToken);
}
