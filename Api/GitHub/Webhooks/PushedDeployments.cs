using Microsoft.EntityFrameworkCore;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>Makes and ends deployments as pushes ask for them. Everything but <see cref="FinishAsync"/> is part of one transaction that holds the projects.</summary>
internal sealed class PushedDeployments(
    PlatformDbContext database, IJobOutbox outbox, IJobQueue jobs, QueuedDeployments queue, DeploymentRemovals removals, TimeProvider time)
{
    private const string StillOpen = "Another pull request of the branch is open.";
    private const string WaitsForApproval = "Waits for approval: the commit comes from a fork.";

    private readonly List<Guid> _stopped = [];
    private readonly List<Guid> _ended = [];
    private readonly HashSet<string> _changedSites = new(StringComparer.Ordinal);

    /// <summary>The projects of a repository that may deploy, one after the other with whatever else is pushed to it.</summary>
    public async Task<List<Project>> LockAsync(long repositoryId, IReadOnlySet<Guid>? only, CancellationToken cancellationToken)
    {
        _stopped.Clear();
        _ended.Clear();
        _changedSites.Clear();
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
            .Select(row => new Latest(row.Id, row.CommitHash, row.PullRequest, row.Status, row.ErrorCode, row.Manifest != null)).FirstOrDefaultAsync(cancellationToken);
        if (!again && latest?.CommitHash == commit.Sha)
        {
            // A branch that was deleted and comes back, or a pull request that is opened again, has what it had.
            var isBack = await BranchAliases.ReopenAsync(database, project.Id, commit.Branch, commit.Fork is null ? null : commit.PullRequest, cancellationToken);
            if (isBack) _changedSites.Add(project.Slug);
            if (!latest.IsGone(isBack))
            {
                await AttachAsync(latest, commit.PullRequest, isBack, cancellationToken);
                return Skip("The commit is deployed already.");
            }
        }

        // A user may not wait behind what nobody wants any more.
        var superseded = new QueuedEnd(QueuedEnd.Superseded, $"A newer commit, {commit.Sha[..7]}, took its place.");
        await EndQueuedAsync(await FindQueuedAsync(project.Id, commit.Branch, source, cancellationToken), superseded, cancellationToken);
        var deployment = Create(project, commit);
        database.Deployments.Add(deployment);
        outbox.Add(new ReportDeploymentJob(deployment.Id), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
        return deployment.Approval is null
            ? new PushOutcome(GitHubDeliveryOutcome.Deployed, null, deployment.Id)
            : new PushOutcome(GitHubDeliveryOutcome.Waiting, WaitsForApproval, deployment.Id);
    }

    /// <summary>The branch or the pull request is gone: its address shows nothing any more, and its previews are not built.</summary>
    public async Task<PushOutcome> RemoveAsync(Project project, GoneBranch gone, CancellationToken cancellationToken)
    {
        var fork = gone.IsFork ? gone.PullRequest : null;
        if (!gone.IsFork && await IsStillOpenAsync(project.Id, gone, cancellationToken))
        {
            await ReportPullRequestAsync(project.Id, gone, cancellationToken);
            return Skip(StillOpen);
        }

        var open = await database.Deployments.FromSql(
            $"""
             SELECT * FROM deployments WHERE project_id = {project.Id} AND environment = 'preview' AND status IN ('queued', 'building')
                 AND ((NOT {gone.IsFork} AND branch = {gone.Branch} AND approval IS NULL) OR pull_request = {gone.PullRequest}) FOR UPDATE
             """).AsNoTracking().ToListAsync(cancellationToken);
        var removed = new QueuedEnd(QueuedEnd.BranchRemoved, "The branch or the pull request is closed.");
        await EndQueuedAsync([.. open.Where(row => row.Status == DeploymentStatus.Queued)], removed, cancellationToken);
        // The worker of one that runs ends it itself, with its log; one that succeeds all the same is older than the end of its branch.
        _stopped.AddRange(open.Where(row => row.Status == DeploymentStatus.Building && row.JobId is not null).Select(row => row.JobId!.Value));
        // A pull request of the project's own branch ends nothing of it.
        if (gone.IsFork || gone.Branch != project.Branch) await BranchAliases.CloseAsync(database, project.Id, gone.Branch, fork, time.GetUtcNow(), cancellationToken);
        _changedSites.Add(project.Slug);
        await ReportPullRequestAsync(project.Id, gone, cancellationToken);
        return new PushOutcome(GitHubDeliveryOutcome.Removed, open.Count == 0 ? "Nothing waited for it." : null);
    }

    /// <summary>Remembers that a pull request of the project's own repository is open.</summary>
    public Task NoteOpenAsync(Guid projectId, int number, string branch, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO open_pull_requests (project_id, number, branch, created_at) VALUES ({projectId}, {number}, {branch}, {now})
             ON CONFLICT (project_id, number) DO UPDATE SET branch = excluded.branch
             """,
            cancellationToken);
    }

    /// <summary>What follows the transaction. When it is not done, a job that was ended finds so when it starts, and the sites host looks by itself.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var job in _stopped) await jobs.CancelAsync(job, cancellationToken);
        _stopped.Clear();
        foreach (var id in _ended) await queue.AnnounceAsync(id, cancellationToken);
        _ended.Clear();
        foreach (var slug in _changedSites) await removals.AnnounceAsync(slug, cancellationToken);
        _changedSites.Clear();
        await outbox.RelayAsync(cancellationToken);
    }

    private async Task<bool> MayDeployAsync(Project project, CancellationToken cancellationToken) =>
        await database.Users.AnyAsync(user => user.Id == project.UserId && user.DisabledAt == null && user.EmailConfirmed, cancellationToken)
        && (project.OwnerId == project.UserId || await database.OrganizationMembers.AnyAsync(
            member => member.OrganizationId == project.OwnerId && member.UserId == project.UserId && member.Role != OrganizationRole.Viewer, cancellationToken));

    /// <summary>The deployment is about this pull request as well, and its comment says so. It bears the number of the first.</summary>
    private async Task AttachAsync(Latest latest, int? number, bool isBack, CancellationToken cancellationToken)
    {
        if (number is null || (latest.PullRequest == number && !isBack)) return;
        if (latest.PullRequest is null) await database.Deployments.Where(row => row.Id == latest.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.PullRequest, number), cancellationToken);
        outbox.Add(new ReportDeploymentJob(latest.Id), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>With the branch all its pull requests are gone; of several that are open one may be closed and the others stay.</summary>
    private async Task<bool> IsStillOpenAsync(Guid projectId, GoneBranch gone, CancellationToken cancellationToken)
    {
        await database.OpenPullRequests.Where(row => row.ProjectId == projectId && (gone.PullRequest == null ? row.Branch == gone.Branch : row.Number == gone.PullRequest))
            .ExecuteDeleteAsync(cancellationToken);
        return gone.PullRequest is not null && await database.OpenPullRequests.AnyAsync(row => row.ProjectId == projectId && row.Branch == gone.Branch, cancellationToken);
    }

    /// <summary>The comment is about the newest deployment, and says that the pull request is closed.</summary>
    private async Task ReportPullRequestAsync(Guid projectId, GoneBranch gone, CancellationToken cancellationToken)
    {
        if (gone.PullRequest is not { } number) return;
        var newest = await database.Deployments
            .Where(row => row.ProjectId == projectId && (row.PullRequest == number || (!gone.IsFork && row.Branch == gone.Branch && row.Approval == null && row.Environment == DeploymentTrust.Preview)))
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is not { } id) return;
        outbox.Add(new ReportDeploymentJob(id, number), ReportDeploymentJob.Options);
        await database.SaveChangesAsync(cancellationToken);
    }

    private Task<List<Deployment>> FindQueuedAsync(Guid project, string branch, string source, CancellationToken cancellationToken) => database.Deployments.FromSql(
        $"""
         SELECT * FROM deployments WHERE project_id = {project} AND branch = {branch} AND source = {source} AND status = 'queued' FOR UPDATE
         """).AsNoTracking().ToListAsync(cancellationToken);

    private async Task EndQueuedAsync(List<Deployment> rows, QueuedEnd end, CancellationToken cancellationToken)
    {
        var queued = rows.Where(row => row.JobId is not null).Select(row => row.JobId!.Value).ToList();
        await database.OutboxJobs.Where(job => queued.Contains(job.Id)).ExecuteDeleteAsync(cancellationToken);
        _stopped.AddRange(queued);
        foreach (var row in rows)
        {
            if (await queue.EndAsync(row.Id, end, cancellationToken)) _ended.Add(row.Id);
        }
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

    private sealed record Latest(Guid Id, string? CommitHash, int? PullRequest, string Status, string? ErrorCode, bool HasFiles)
    {
        /// <summary>There is nothing of it any more: it ended with its branch, or its files have expired.</summary>
        public bool IsGone(bool isBack) => Status switch
        {
            DeploymentStatus.Cancelled => isBack || ErrorCode == QueuedEnd.BranchRemoved,
            DeploymentStatus.Success => !HasFiles,
            _ => false,
        };
    }
}
