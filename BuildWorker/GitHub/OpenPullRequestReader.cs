using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.GitHub;

namespace Platform.BuildWorker.GitHub;

/// <summary>
/// Learns which pull requests were open before a project began to listen; from then on deliveries tell. They are not deployed, but keep the preview
/// of their branch when another one of it is closed.
/// </summary>
internal sealed partial class OpenPullRequestReader(
    PlatformDbContext database, IGitHubClient gitHub, GitHubConnections connections, TimeProvider time, ILogger<OpenPullRequestReader> logger)
{
    private const int PageSize = 100;
    private const int MostPages = 30;

    /// <exception cref="GitHubConnectionException">Nobody is connected who could be asked for.</exception>
    public async Task ReadAsync(Guid projectId, CancellationToken cancellationToken)
    {
        var project = await database.Projects.AsNoTracking().SingleOrDefaultAsync(row => row.Id == projectId && row.AutoDeploy && row.GitHubRepoId != null, cancellationToken);
        if (project is null) return;
        if (GitHubFeature.NameOf(project.Repository) is not [var owner, var name]) return;
        try
        {
            var open = await ListAsync(project, owner, name, cancellationToken);
            var noted = await NoteAsync(project, open, cancellationToken);
            // One that was closed while it was noted has had its delivery, and would stay for ever.
            if (noted is { } at) await ForgetAsync(project, at, await ListAsync(project, owner, name, cancellationToken), cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is GitHubError.Forbidden or GitHubError.NotFound or GitHubError.Failed)
        {
            // An App may not be allowed to see them: they become known by their next delivery.
            Log.NotRead(logger, projectId, exception.Message);
        }
    }

    private Task<List<GitHubPullRequest>> ListAsync(Project project, string owner, string name, CancellationToken cancellationToken) => connections.CallAsync(
        project.UserId,
        async (_, token) =>
        {
            var found = new List<GitHubPullRequest>();
            for (var page = 1; page <= MostPages; page++)
            {
                var answer = await gitHub.ListOpenPullRequestsAsync(token, owner, name, page, PageSize, cancellationToken);
                found.AddRange(answer.Items.Where(pull => IsOwn(project, pull)));
                if (!answer.HasNext) break;
            }

            return found;
        },
        cancellationToken);

    private static bool IsOwn(Project project, GitHubPullRequest pull) =>
        pull.HeadRepositoryId?.ToString(System.Globalization.CultureInfo.InvariantCulture) == project.GitHubRepoId
        && pull.Branch != project.Branch && BranchName.IsValid(pull.Branch);

    /// <returns>When those were noted that were not known; null: all were.</returns>
    private async Task<DateTimeOffset?> NoteAsync(Project project, List<GitHubPullRequest> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return null;
        var (now, numbers, branches) = (time.GetUtcNow(), open.Select(pull => pull.Number).ToArray(), open.Select(pull => pull.Branch).ToArray());
        var rows = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO open_pull_requests (project_id, number, branch, created_at)
             SELECT p.id, pull.number, pull.branch, {now} FROM projects p, unnest({numbers}, {branches}) AS pull (number, branch)
             WHERE p.id = {project.Id} AND p.github_repo_id = {project.GitHubRepoId}
             ON CONFLICT (project_id, number) DO NOTHING
             """,
            cancellationToken);
        return rows == 0 ? null : now;
    }

    private Task<int> ForgetAsync(Project project, DateTimeOffset noted, List<GitHubPullRequest> open, CancellationToken cancellationToken)
    {
        var numbers = open.ConvertAll(pull => pull.Number);
        return database.OpenPullRequests.Where(row => row.ProjectId == project.Id && row.CreatedAt == noted && !numbers.Contains(row.Number)).ExecuteDeleteAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The open pull requests of project {ProjectId} were not read: {Reason}")]
        public static partial void NotRead(ILogger logger, Guid projectId, string reason);
    }
}
