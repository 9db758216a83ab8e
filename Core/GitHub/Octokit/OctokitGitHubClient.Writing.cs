using System.Net;
using Octokit;

namespace Platform.Core.GitHub.Octokit;

internal sealed partial class OctokitGitHubClient
{
    public Task<GitHubPage<GitHubCommit>> ListCommitsAsync(
        string? accessToken, string owner, string name, string reference, int page, int pageSize, CancellationToken cancellationToken)
    {
        if (!IsName(owner) || !IsName(name) || !IsName(reference)) return Task.FromResult(new GitHubPage<GitHubCommit>([], false));
        return CallAsync(
            accessToken,
            async client =>
            {
                try
                {
                    // The package escapes parameters of the query itself.
                    var found = await client.Repository.Commit.GetAll(Segment(owner), Segment(name), new CommitRequest { Sha = reference }, One(page, pageSize));
                    return Page(client, found.Select(ToCommit));
                }
                catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict)
                {
                    return new GitHubPage<GitHubCommit>([], false);
                }
            },
            cancellationToken);
    }

    public Task<GitHubPage<GitHubChangedFile>> ListPullRequestFilesAsync(
        string accessToken, string owner, string name, int number, int page, int pageSize, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync(
            accessToken,
            async client =>
            {
                var files = await client.PullRequest.Files(Segment(owner), Segment(name), number, One(page, pageSize));
                return Page(client, files.Select(file => new GitHubChangedFile(file.FileName, file.PreviousFileName)));
            },
            cancellationToken);
    }

    public Task<GitHubPage<GitHubPullRequest>> ListOpenPullRequestsAsync(
        string accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync(
            accessToken,
            async client =>
            {
                // Open ones, when nothing else is asked for.
                var pulls = await client.PullRequest.GetAllForRepository(Segment(owner), Segment(name), One(page, pageSize));
                return Page(client, pulls.Select(pull => new GitHubPullRequest(pull.Number, pull.Head.Ref, pull.Head.Repository?.Id)));
            },
            cancellationToken);
    }

    public Task SetCommitStatusAsync(
        string accessToken, string owner, string name, string sha, GitHubCommitStatus status, CancellationToken cancellationToken)
    {
        Known(owner, name);
        var body = new NewCommitStatus
        {
            State = status.State switch
            {
                GitHubCommitState.Success => CommitState.Success,
                GitHubCommitState.Failure => CommitState.Failure,
                GitHubCommitState.Error => CommitState.Error,
                _ => CommitState.Pending,
            },
            Context = status.Context,
            Description = status.Description,
            TargetUrl = status.TargetUrl,
        };
        return CallAsync(accessToken, client => client.Repository.Status.Create(Segment(owner), Segment(name), Segment(sha), body), cancellationToken);
    }

    public Task<long> CreateCommentAsync(string accessToken, string owner, string name, int issue, string body, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync(accessToken, async client => (await client.Issue.Comment.Create(Segment(owner), Segment(name), issue, body)).Id, cancellationToken);
    }

    public Task<bool> UpdateCommentAsync(string accessToken, string owner, string name, long commentId, string body, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync(
            accessToken,
            async client =>
            {
                try
                {
                    await client.Issue.Comment.Update(Segment(owner), Segment(name), commentId, body);
                    return true;
                }
                catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public Task<long> CreateWebhookAsync(string accessToken, string owner, string name, GitHubWebhook webhook, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync<long>(
            accessToken,
            async client =>
            {
                var existing = await client.Repository.Hooks.GetAll(Segment(owner), Segment(name), new ApiOptions { PageSize = 100 });
                if (existing.FirstOrDefault(hook => hook.Config.GetValueOrDefault("url") == webhook.Url) is { } found) return found.Id;
                var config = new Dictionary<string, string>
                {
                    ["url"] = webhook.Url,
                    ["content_type"] = "json",
                    ["secret"] = webhook.Secret,
                    ["insecure_ssl"] = "0",
                };
                var made = new NewRepositoryHook("web", config) { Active = true, Events = webhook.Events };
                return (await client.Repository.Hooks.Create(Segment(owner), Segment(name), made)).Id;
            },
            cancellationToken);
    }

    public Task<bool> DeleteWebhookAsync(string accessToken, string owner, string name, long webhookId, CancellationToken cancellationToken)
    {
        Known(owner, name);
        return CallAsync(
            accessToken,
            async client =>
            {
                try
                {
                    // The package counts hooks in 32 bits.
                    await client.Repository.Hooks.Delete(Segment(owner), Segment(name), checked((int)webhookId));
                    return true;
                }
                catch (NotFoundException)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public Task<bool> RevokeTokenAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken) => RevokeAsync(
        clientId, clientSecret, client => client.Authorization.RevokeApplicationAuthentication(Segment(clientId), accessToken), cancellationToken);

    // The package has no call for it.
    public Task<bool> RevokeGrantAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken) => RevokeAsync(
        clientId,
        clientSecret,
        client => client.Connection.Delete(new Uri($"applications/{Segment(clientId)}/grant", UriKind.Relative), new { access_token = accessToken }),
        cancellationToken);

    private Task<bool> RevokeAsync(string clientId, string clientSecret, Func<GitHubClient, Task> revoke, CancellationToken cancellationToken) => CallAsync(
        new Credentials(clientId, clientSecret),
        async client =>
        {
            try
            {
                await revoke(client);
                return true;
            }
            catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
            {
                return false;
            }
        },
        cancellationToken);

    private static void Known(string owner, string name)
    {
        if (!IsName(owner) || !IsName(name)) throw new GitHubException(GitHubError.NotFound, "There is no such repository.");
    }

    private static GitHubCommit ToCommit(global::Octokit.GitHubCommit found) =>
        new(found.Sha, found.Commit.Message, found.Commit.Author?.Name, found.Commit.Author?.Email, found.Commit.Author?.Date);
}
