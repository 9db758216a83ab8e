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
}
