using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Core.GitHub.Rest;

internal sealed partial class RestGitHubClient
{
    private const int MostHookPages = 5;

    public async Task<GitHubPage<GitHubCommit>> ListCommitsAsync(
        string? accessToken, string owner, string name, string reference, int page, int pageSize, CancellationToken cancellationToken)
    {
        if (Path(owner, name) is not { } path || Segment(reference) is not { } segment) return new GitHubPage<GitHubCommit>([], false);
        var target = string.Create(CultureInfo.InvariantCulture, $"{path}/commits?sha={segment}&per_page={pageSize}&page={page}");
        using var response = await SendAsync(accessToken, target, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Conflict);
        if (!response.IsSuccessStatusCode) return new GitHubPage<GitHubCommit>([], false);
        var found = await ReadAsync(response, GitHubJson.Default.ListCommitAnswer, cancellationToken);
        return new GitHubPage<GitHubCommit>([.. found.Select(commit => commit.ToCommit())], HasNext(response));
    }

    public async Task<GitHubPage<GitHubChangedFile>> ListPullRequestFilesAsync(
        string accessToken, string owner, string name, int number, int page, int pageSize, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Known(owner, name)}/pulls/{number}/files?per_page={pageSize}&page={page}");
        var (files, hasNext) = await GetAsync(accessToken, path, GitHubJson.Default.ListFileAnswer, cancellationToken);
        return new GitHubPage<GitHubChangedFile>([.. files.Select(file => new GitHubChangedFile(file.Filename, file.PreviousFilename))], hasNext);
    }

    public async Task<GitHubPage<GitHubPullRequest>> ListOpenPullRequestsAsync(
        string accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Known(owner, name)}/pulls?state=open&per_page={pageSize}&page={page}");
        var (pulls, hasNext) = await GetAsync(accessToken, path, GitHubJson.Default.ListPullAnswer, cancellationToken);
        return new GitHubPage<GitHubPullRequest>([.. pulls.Select(pull => new GitHubPullRequest(pull.Number, pull.Head.Ref, pull.Head.Repo?.Id))], hasNext);
    }

    public async Task SetCommitStatusAsync(
        string accessToken, string owner, string name, string sha, GitHubCommitStatus status, CancellationToken cancellationToken)
    {
        var body = new StatusRequest(StateName(status.State), status.Context, status.Description, status.TargetUrl);
        using var response = await SendAsync(
            Post(accessToken, $"{Known(owner, name)}/statuses/{Uri.EscapeDataString(sha)}", body, GitHubJson.Default.StatusRequest), cancellationToken);
    }

    public async Task<long> CreateCommentAsync(string accessToken, string owner, string name, int issue, string body, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Known(owner, name)}/issues/{issue}/comments");
        using var response = await SendAsync(Post(accessToken, path, new CommentRequest(body), GitHubJson.Default.CommentRequest), cancellationToken);
        return (await ReadAsync(response, GitHubJson.Default.IdAnswer, cancellationToken)).Id;
    }

    public async Task<bool> UpdateCommentAsync(string accessToken, string owner, string name, long commentId, string body, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Known(owner, name)}/issues/comments/{commentId}");
        var call = Post(accessToken, path, new CommentRequest(body), GitHubJson.Default.CommentRequest) with { Method = HttpMethod.Patch };
        using var response = await SendAsync(call, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.Gone);
        return response.IsSuccessStatusCode;
    }

    public async Task<long> CreateWebhookAsync(string accessToken, string owner, string name, GitHubWebhook webhook, CancellationToken cancellationToken)
    {
        var path = $"{Known(owner, name)}/hooks";
        // A second one with the same address would be refused, or deliver everything twice.
        if (await FindWebhookAsync(accessToken, path, webhook.Url, cancellationToken) is { } existing) return existing;
        var body = new HookRequest("web", true, webhook.Events, new HookConfig(webhook.Url, "json", webhook.Secret, "0"));
        using var response = await SendAsync(Post(accessToken, path, body, GitHubJson.Default.HookRequest), cancellationToken);
        return (await ReadAsync(response, GitHubJson.Default.IdAnswer, cancellationToken)).Id;
    }

    public async Task<bool> DeleteWebhookAsync(string accessToken, string owner, string name, long webhookId, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Known(owner, name)}/hooks/{webhookId}");
        using var response = await SendAsync(new Call(HttpMethod.Delete, path, Bearer(accessToken)), cancellationToken, HttpStatusCode.NotFound);
        return response.IsSuccessStatusCode;
    }

    public Task<bool> RevokeTokenAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken) =>
        RevokeAsync("token", clientId, clientSecret, accessToken, cancellationToken);

    public Task<bool> RevokeGrantAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken) =>
        RevokeAsync("grant", clientId, clientSecret, accessToken, cancellationToken);

    private async Task<bool> RevokeAsync(string what, string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{clientSecret}"));
        var body = JsonSerializer.SerializeToUtf8Bytes(new RevokeRequest(accessToken), GitHubJson.Default.RevokeRequest);
        var call = new Call(HttpMethod.Delete, $"applications/{Uri.EscapeDataString(clientId)}/{what}", new AuthenticationHeaderValue("Basic", basic), body);
        using var response = await SendAsync(call, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity);
        return response.IsSuccessStatusCode;
    }

    private async Task<long?> FindWebhookAsync(string accessToken, string path, string url, CancellationToken cancellationToken)
    {
        for (var page = 1; page <= MostHookPages; page++)
        {
            var (hooks, hasNext) = await GetAsync(
                accessToken, string.Create(CultureInfo.InvariantCulture, $"{path}?per_page=100&page={page}"), GitHubJson.Default.ListHookAnswer, cancellationToken);
            if (hooks.FirstOrDefault(hook => hook.Config?.Url == url) is { } found) return found.Id;
            if (!hasNext) break;
        }

        return null;
    }

    private static string Known(string owner, string name) => Path(owner, name) ?? throw new GitHubException(GitHubError.NotFound, "There is no such repository.");

    private static string StateName(GitHubCommitState state) => state switch
    {
        GitHubCommitState.Success => "success",
        GitHubCommitState.Failure => "failure",
        GitHubCommitState.Error => "error",
        _ => "pending",
    };

    private static Call Post<T>(string accessToken, string path, T body, JsonTypeInfo<T> type) =>
        new(HttpMethod.Post, path, Bearer(accessToken), JsonSerializer.SerializeToUtf8Bytes(body, type));
}
