using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>
/// Asks GitHub about a pull request, before anything is locked, in the name of those whose projects are made of the repository. What is not told in time
/// stays unknown, and what is unknown stops no preview.
/// </summary>
internal sealed partial class PullRequestReader(
    PlatformDbContext database, IGitHubClient gitHub, GitHubConnections connections, IOptions<GitHubOptions> options, TimeProvider time, ILogger<PullRequestReader> logger)
{
    private const int PageSize = 100;

    // GitHub tells no more than that, and not that there are more.
    private const int MostFiles = 3000;
    private const int MostAsked = 3;

    public async Task<PullRequestFacts> ReadAsync(WebhookPayload? payload, CancellationToken cancellationToken)
    {
        if (payload is not { Action: "opened" or "reopened" or "synchronize", Repository: { FullName: { } fullName } repository, PullRequest: { Number: > 0, Head.Sha: { } sha } pull }
            || !PushProcessor.IsCommit(sha) || fullName.Split('/') is not [var owner, var name])
        {
            return PullRequestFacts.Unknown;
        }

        var id = repository.Id.ToString(CultureInfo.InvariantCulture);
        var projects = await database.Projects.AsNoTracking().Where(row => row.GitHubRepoId == id && row.AutoDeploy)
            .OrderBy(row => row.CreatedAt).Select(row => new { row.UserId, row.WatchPaths }).ToListAsync(cancellationToken);
        var isWatched = projects.Any(project => project.WatchPaths.Count > 0);
        using var limit = new CancellationTokenSource(options.Value.DeliveryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        foreach (var user in projects.Select(project => project.UserId).Distinct().Take(MostAsked))
        {
            try
            {
                return await connections.CallAsync(
                    user,
                    async (_, token) => new PullRequestFacts(
                        (await gitHub.FindCommitAsync(token, owner, name, sha, either.Token))?.Message,
                        isWatched ? await ListFilesAsync(token, owner, name, pull.Number, either.Token) : null),
                    either.Token);
            }
            catch (Exception exception) when (exception is GitHubException or GitHubConnectionException)
            {
                Log.NotTold(logger, fullName, pull.Number, exception.Message);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotTold(logger, fullName, pull.Number, "GitHub did not answer in time.");
                break;
            }
        }

        return PullRequestFacts.Unknown;
    }

    private async Task<IReadOnlyList<string>?> ListFilesAsync(string token, string owner, string name, int number, CancellationToken cancellationToken)
    {
        var (files, count) = (new HashSet<string>(StringComparer.Ordinal), 0);
        for (var page = 1; ; page++)
        {
            var some = await gitHub.ListPullRequestFilesAsync(token, owner, name, number, page, PageSize, cancellationToken);
            foreach (var file in some.Items)
            {
                files.Add(file.Path);
                if (file.PreviousPath is { } before) files.Add(before);
            }

            count += some.Items.Count;
            if (count >= MostFiles) return null;
            if (!some.HasNext) return [.. files];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What pull request {Number} of {Repository} changes is not known: {Reason}")]
        public static partial void NotTold(ILogger logger, string repository, int number, string reason);
    }
}
