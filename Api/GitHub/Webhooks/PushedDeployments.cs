using Microsoft.EntityFrameworkCore;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>Makes and ends deployments as pushes ask for them. Everything but <see cref="FinishAsync"/> is part of one transaction that holds the projects.</summary>
internal sealed class PushedDeployments(PlatformDbContext database, IJobOutbox outbox, IJobQueue jobs, TimeProvider time)
{
    public const string Superseded = "SUPERSEDED";
    public const string BranchRemoved = "BRANCH_REMOVED";

    private const string WaitsForApproval = "Waits for approval: the commit comes from a fork.";

    private readonly List<Guid> _stopped = [];

    /// <summary>The projects of a repository that may deploy, one after the other with whatever else is pushed to it.</summary>
    public async Task<List<Project>> LockAsync(long repositoryId, IReadOnlySet<Guid>? only, CancellationToken cancellationToken)
    {
        _stopped.Clear();
        var id = repositoryId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var projects = await database.Projects.FromSql($"SELECT * FROM projects WHERE github_repo_id = {id} ORDER BY id FOR NO KEY UPDATE").AsNoTracking().ToListAsync(cancellationToken);
        return [.. projects.Where(project => only is null || only.Contains(project.Id))];
    }

    /// <param name="project">Held by <see cref="LockAsync"/>.</param>
    /// <param name="commit">What was pushed.</param>
    /// <param name="again">Somebody wants it although it may be there.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<PushOutcome> DeployAsync(Project project, PushedCommit commit, bool again, CancellationToken cancellationToken)
    {
        if (!await MayDeployAsync(project, cancellationToken)) return Skip("Whoever made the project may not deploy it any more.");
        var source = SourceOf(project, commit);
        var latest = await database.Deployments.AsNoTracking()
            .Where(row => row.ProjectId == project.Id && row.Branch == commit.Branch && row.Source == source)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id)
            .Select(row => new { row.Id, row.CommitHash, row.PullRequest }).FirstOrDefaultAsync(cancellationToken);
        if (!again && latest?.CommitHash == commit.Sha)
        {
            if (commit.PullRequest is { } number && latest.PullRequest is null) await AttachAsync(latest.Id, number, cancellationToken);
            return Skip("The commit is deployed already.");
        }

        // A user may not wait behind what nobody wants any more.
        await EndQueuedAsync(await FindQueuedAsync(project.Id, commit.Branch, source, cancellationToken), Superseded, $"A newer commit, {commit.Sha[..7]}, took its place.", cancellationToken);
        var deployment = Create(project, commit);
        database.Deployments.Add(deployment);
        outbox.Add(new ReportDeploymentJob(deployment.Id), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
        return deployment.Approval is null
            ? new PushOutcome(GitHubDeliveryOutcome.Deployed, null, deployment.Id)
            : new PushOutcome(GitHubDeliveryOutcome.Waiting, WaitsForApproval, deployment.Id);
    }

    /// <summary>The branch or the pull request is gone: its previews are not built any more.</summary>
    public async Task<PushOutcome> RemoveAsync(Project project, string branch, int? pullRequest, CancellationToken cancellationToken)
    {
        var open = await database.Deployments.FromSql(
            $"""
             SELECT * FROM deployments WHERE project_id = {project.Id} AND environment = 'preview' AND status IN ('queued', 'building')
                 AND (({pullRequest}::integer IS NULL AND branch = {branch} AND source = {project.Repository}) OR pull_request = {pullRequest}) FOR UPDATE
             """).AsNoTracking().ToListAsync(cancellationToken);
        await EndQueuedAsync([.. open.Where(row => row.Status == DeploymentStatus.Queued)], BranchRemoved, "The branch or the pull request is closed.", cancellationToken);
        // The worker of one that runs ends it itself, with its log.
        _stopped.AddRange(open.Where(row => row.Status == DeploymentStatus.Building && row.JobId is not null).Select(row => row.JobId!.Value));
        return new PushOutcome(GitHubDeliveryOutcome.Removed, open.Count == 0 ? "Nothing waited for it." : null);
    }

    /// <summary>What follows the transaction. When it is not done, a job that was ended finds so when it starts.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var job in _stopped) await jobs.CancelAsync(job, cancellationToken);
        _stopped.Clear();
        await outbox.RelayAsync(cancellationToken);
    }

    private async Task<bool> MayDeployAsync(Project project, CancellationToken cancellationToken) =>
        await database.Users.AnyAsync(user => user.Id == project.UserId && user.DisabledAt == null && user.EmailConfirmed, cancellationToken)
        && (project.OwnerId == project.UserId || await database.OrganizationMembers.AnyAsync(
            member => member.OrganizationId == project.OwnerId && member.UserId == project.UserId && member.Role != OrganizationRole.Viewer, cancellationToken));

    private async Task AttachAsync(Guid id, int number, CancellationToken cancellationToken)
    {
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.PullRequest, number), cancellationToken);
        outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
    }

    private Task<List<Deployment>> FindQueuedAsync(Guid project, string branch, string source, CancellationToken cancellationToken) => database.Deployments.FromSql(
        $"""
         SELECT * FROM deployments WHERE project_id = {project} AND branch = {branch} AND source = {source} AND status = 'queued' FOR UPDATE
         """).AsNoTracking().ToListAsync(cancellationToken);

    private async Task EndQueuedAsync(List<Deployment> rows, string code, string reason, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        var (ids, now) = (rows.ConvertAll(row => row.Id), time.GetUtcNow());
        var queued = rows.Where(row => row.JobId is not null).Select(row => row.JobId!.Value).ToList();
        await database.OutboxJobs.Where(job => queued.Contains(job.Id)).ExecuteDeleteAsync(cancellationToken);
        _stopped.AddRange(queued);
        await database.Deployments.Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(
            row => row.SetProperty(each => each.Status, DeploymentStatus.Cancelled).SetProperty(each => each.CompletedAt, now)
                .SetProperty(each => each.ErrorCode, code).SetProperty(each => each.ErrorMessage, reason),
            cancellationToken);
        await database.DeploymentStages.Where(stage => ids.Contains(stage.DeploymentId) && stage.StageName == DeploymentStatus.Queued).ExecuteUpdateAsync(
            stage => stage.SetProperty(each => each.Status, "failed").SetProperty(each => each.CompletedAt, now).SetProperty(each => each.ErrorMessage, reason), cancellationToken);
        await database.DeploymentStages.Where(stage => ids.Contains(stage.DeploymentId) && stage.StageName == DeploymentStatus.Success).ExecuteUpdateAsync(
            stage => stage.SetProperty(each => each.StageName, DeploymentStatus.Cancelled).SetProperty(each => each.Status, "failed")
                .SetProperty(each => each.StartedAt, now).SetProperty(each => each.CompletedAt, now),
            cancellationToken);
        foreach (var id in ids) outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
    }

    private static string SourceOf(Project project, PushedCommit commit) => commit.Fork ?? project.Repository;

    private Deployment Create(Project project, PushedCommit commit)
    {
        var trust = commit.Fork is null && commit.Branch == project.Branch ? DeploymentTrust.Production : DeploymentTrust.Preview;
        // The author of the commit takes the author's place once it is checked out.
        var deployment = NewDeployments.Of(project, commit.Branch, trust, project.UserId, author: null, time.GetUtcNow());
        (deployment.Source, deployment.RequestedCommit, deployment.CommitHash, deployment.PullRequest) = (SourceOf(project, commit), commit.Sha, commit.Sha, commit.PullRequest);
        if (commit.Fork is not null)
        {
            deployment.Approval = DeploymentApproval.Waiting;
            deployment.Stages.Single(stage => stage.StageName == DeploymentStatus.Queued).ErrorMessage = WaitsForApproval;
            return deployment;
        }

        deployment.JobId = outbox.Add(new BuildDeploymentJob(deployment.Id), new EnqueueOptions { FairnessKey = deployment.OwnerId.ToString("N") });
        return deployment;
    }

    private static PushOutcome Skip(string reason) => new(GitHubDeliveryOutcome.Skipped, reason);
}
