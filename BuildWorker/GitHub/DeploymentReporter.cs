using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

/// <summary>Tells GitHub how it stands with a deployment. It always tells what the row says now, so that reports may come late, twice or in any order.</summary>
internal sealed partial class DeploymentReporter(
    PlatformDbContext database, IGitHubClient gitHub, GitHubConnections connections, SiteAddresses sites, IJobQueue jobs, IConfiguration configuration, TimeProvider time, ILogger<DeploymentReporter> logger)
    : IJobHandler<ReportDeploymentJob>, IJobHandler<ReportDeletedDeploymentJob>
{
    private const string Deleted = "The deployment was deleted.";

    public Task HandleAsync(ReportDeploymentJob job, JobContext context, CancellationToken cancellationToken) =>
        RunAsync(job, job.DeploymentId, token => ReportAsync(job.DeploymentId, job.PullRequest, token), cancellationToken);

    public Task HandleAsync(ReportDeletedDeploymentJob job, JobContext context, CancellationToken cancellationToken) =>
        RunAsync(job, job.DeploymentId, token => ReportDeletedAsync(job, token), cancellationToken);

    public Task OnDeadAsync(ReportDeploymentJob job, JobContext context, string error, CancellationToken cancellationToken) => GiveUpAsync(job.DeploymentId, error);

    public Task OnDeadAsync(ReportDeletedDeploymentJob job, JobContext context, string error, CancellationToken cancellationToken) => GiveUpAsync(job.DeploymentId, error);

    private async Task RunAsync<TJob>(TJob job, Guid deploymentId, Func<CancellationToken, Task> report, CancellationToken cancellationToken)
        where TJob : IJob
    {
        try
        {
            // One report of a deployment at a time: of two, the slower one must not tell what has passed.
            await database.InTransactionAsync(
                async token =>
                {
                    await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({deploymentId.ToString()}, 0))", token);
                    await report(token);
                },
                cancellationToken);
        }
        catch (GitHubConnectionException exception)
        {
            Log.NotConnected(logger, deploymentId, exception.IsBroken);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.RateLimited)
        {
            // Not before GitHub takes requests again, and without using up the attempts.
            var wait = GitHubFeature.WaitUntil(exception.RetryAt, time);
            Log.Limited(logger, deploymentId, wait);
            await jobs.EnqueueAsync(job, ReportDeploymentJob.Options with { Delay = wait }, cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is GitHubError.Forbidden or GitHubError.NotFound or GitHubError.Failed)
        {
            // Asking again changes nothing: the account may not write there, or the repository is gone.
            throw new JobFailedException(exception.Message, exception);
        }
    }

    private Task GiveUpAsync(Guid deploymentId, string error)
    {
        Log.GaveUp(logger, deploymentId, error);
        return Task.CompletedTask;
    }

    private async Task ReportAsync(Guid id, int? closed, CancellationToken cancellationToken)
    {
        var deployment = await database.Deployments.AsNoTracking().Include(row => row.Project).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (deployment?.Project is not { GitHubRepoId: not null } project || (deployment.CommitHash ?? deployment.RequestedCommit) is not { } sha) return;
        if (GitHubFeature.NameOf(project.Repository) is not [var owner, var name]) return;
        await connections.CallAsync(
            // Always by the same account: a comment can be changed by whoever wrote it.
            project.UserId,
            async (_, token) =>
            {
                var status = new GitHubCommitStatus(State(deployment), Context(project.Slug), Describe(deployment), Target(deployment, project));
                await gitHub.SetCommitStatusAsync(token, owner, name, sha, status, cancellationToken);
                foreach (var comment in await FindCommentsAsync(deployment, closed, cancellationToken)) await CommentAsync(token, owner, name, project, comment, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>What is left of its commit and of its pull request speaks for them; only where nothing is, the deletion does.</summary>
    private async Task ReportDeletedAsync(ReportDeletedDeploymentJob job, CancellationToken cancellationToken)
    {
        var left = database.Deployments.AsNoTracking().Where(row => row.ProjectId == job.ProjectId).OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
        var ofCommit = await left.Where(row => (row.CommitHash ?? row.RequestedCommit) == job.Sha).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
        var branch = await database.OpenPullRequests.Where(row => row.ProjectId == job.ProjectId && row.Number == job.PullRequest).Select(row => row.Branch).FirstOrDefaultAsync(cancellationToken);
        var ofRequest = job.PullRequest is not { } number ? null : await OfPullRequest(left, number, branch).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
        foreach (var id in new[] { ofCommit, ofRequest }.OfType<Guid>().Distinct()) await ReportAsync(id, closed: null, cancellationToken);
        if (GitHubFeature.NameOf(job.Repository) is not [var owner, var name]) return;
        await connections.CallAsync(
            job.UserId,
            async (_, token) =>
            {
                if (ofCommit is null)
                    await gitHub.SetCommitStatusAsync(token, owner, name, job.Sha, new GitHubCommitStatus(GitHubCommitState.Error, Context(job.Slug), Deleted, null), cancellationToken);
                if (ofRequest is null && await FindCommentAsync(job, cancellationToken) is { } comment)
                    await gitHub.UpdateCommentAsync(token, owner, name, comment, Table(job.Slug, Deleted, "", "", job.Sha), cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private Task<long?> FindCommentAsync(ReportDeletedDeploymentJob job, CancellationToken cancellationToken) => database.GitHubComments
        .Where(row => row.ProjectId == job.ProjectId && row.PullRequest == job.PullRequest).Select(row => row.CommentId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The deployment's own pull request, and all that are open of its branch, in one order everywhere: their comments are held one after the other.</summary>
    private async Task<List<(int PullRequest, string? Branch)>> FindCommentsAsync(Deployment deployment, int? closed, CancellationToken cancellationToken)
    {
        var ofBranch = new List<int>();
        if (deployment is { Approval: null, Environment: DeploymentTrust.Preview })
        {
            ofBranch = await database.OpenPullRequests.Where(row => row.ProjectId == deployment.ProjectId && row.Branch == deployment.Branch).Select(row => row.Number).ToListAsync(cancellationToken);
            if (closed is { } last) ofBranch.Add(last);
        }

        var all = ofBranch.ConvertAll(number => (number, (string?)deployment.Branch));
        if (deployment.PullRequest is { } own && !ofBranch.Contains(own)) all.Add((own, null));
        return [.. all.Distinct().OrderBy(comment => comment.Item1)];
    }

    /// <summary>One comment for a pull request and project, about the newest deployment of it, or of its branch.</summary>
    private async Task CommentAsync(string token, string owner, string name, Project project, (int PullRequest, string? Branch) about, CancellationToken cancellationToken)
    {
        var (number, branch) = about;
        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO github_comments (project_id, pull_request) VALUES ({project.Id}, {number}) ON CONFLICT DO NOTHING", cancellationToken);
        var comment = (await database.GitHubComments
            .FromSql($"SELECT * FROM github_comments WHERE project_id = {project.Id} AND pull_request = {number} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken)).Single();
        var newest = await OfPullRequest(database.Deployments.AsNoTracking().Where(row => row.ProjectId == project.Id), number, branch)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).FirstAsync(cancellationToken);
        var text = Text(newest, project, await BranchAliases.FindAsync(database, newest, cancellationToken));
        if (comment.CommentId is { } known && await gitHub.UpdateCommentAsync(token, owner, name, known, text, cancellationToken)) return;
        var id = await gitHub.CreateCommentAsync(token, owner, name, number, text, cancellationToken);
        await database.GitHubComments.Where(row => row.ProjectId == project.Id && row.PullRequest == number)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.CommentId, id), cancellationToken);
    }

    private static IQueryable<Deployment> OfPullRequest(IQueryable<Deployment> deployments, int number, string? branch) => deployments.Where(
        row => row.PullRequest == number || (row.Branch == branch && row.Approval == null && row.Environment == DeploymentTrust.Preview));

    private static GitHubCommitState State(Deployment deployment) => deployment.Status switch
    {
        DeploymentStatus.Success => GitHubCommitState.Success,
        DeploymentStatus.Failed => GitHubCommitState.Failure,
        DeploymentStatus.Cancelled => GitHubCommitState.Error,
        _ => GitHubCommitState.Pending,
    };

    private static string Describe(Deployment deployment) => deployment.Status switch
    {
        DeploymentStatus.Success => "Deployed.",
        DeploymentStatus.Failed => $"The deployment failed ({deployment.ErrorCode ?? "unknown"}).",
        // What the platform ends itself says why.
        DeploymentStatus.Cancelled => deployment.ErrorCode is null ? "The deployment was cancelled." : deployment.ErrorMessage ?? "The deployment was cancelled.",
        DeploymentStatus.Queued when deployment.Approval == DeploymentApproval.Waiting => "Waits for approval.",
        DeploymentStatus.Queued => "Waits for its turn.",
        _ => "Building.",
    };

    // Nothing here was written by somebody else: slugs, codes and addresses cannot break out of the table.
    private string Text(Deployment deployment, Project project, BranchAlias? alias)
    {
        var isClosed = alias is not null && BranchAliases.IsClosed(alias, deployment);
        var status = isClosed ? "The pull request is closed; its preview was taken down." : Describe(deployment);
        var link = !isClosed && deployment.Status == DeploymentStatus.Success
            ? $"{(alias is null ? "" : $"[Open]({sites.Branch(alias.Name, project.Slug)}) · ")}[This commit]({sites.Immutable(deployment.Id, project.Slug)})"
            : "";
        var log = Page(deployment) is { } page ? $"[Log]({page})" : "";
        return Table(project.Slug, status, link, log, deployment.CommitHash ?? deployment.RequestedCommit);
    }

    private string Table(string slug, string status, string link, string log, string? sha) =>
        $"""
        **Autostack**

        | Project | Status | Preview | Log | Commit | Updated |
        | --- | --- | --- | --- | --- | --- |
        | `{slug}` | {status} | {link} | {log} | {(sha is { Length: >= 7 } ? sha[..7] : "")} | {time.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm} UTC |
        """;

    private static string Context(string slug) => $"autostack/{slug}";

    private string? Target(Deployment deployment, Project project) =>
        deployment.Status == DeploymentStatus.Success ? sites.Immutable(deployment.Id, project.Slug) : Page(deployment);

    private string? Page(Deployment deployment) =>
        new[] { configuration["PublicUrls:Frontend"], configuration["PublicUrls:App"] }.FirstOrDefault(address => !string.IsNullOrEmpty(address)) is { } address
            ? $"{address.TrimEnd('/')}/deployments/{deployment.Id}"
            : null;

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "GitHub takes no more requests; {Id} is looked at again in {Wait}")]
        public static partial void Limited(ILogger logger, Guid id, TimeSpan wait);

        [LoggerMessage(1, LogLevel.Information, "Deployment {DeploymentId} is not reported to GitHub: no account is connected (broken: {IsBroken})")]
        public static partial void NotConnected(ILogger logger, Guid deploymentId, bool isBroken);

        [LoggerMessage(2, LogLevel.Warning, "Deployment {DeploymentId} was not reported to GitHub: {Error}")]
        public static partial void GaveUp(ILogger logger, Guid deploymentId, string error);
    }
}
