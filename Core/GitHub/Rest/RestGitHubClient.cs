using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace Platform.Core.GitHub.Rest;

/// <summary>GitHub's REST API over HttpClient.</summary>
internal sealed partial class RestGitHubClient(IHttpClientFactory clients, IOptions<GitHubOptions> options, TimeProvider time) : IGitHubClient
{
    public const string ClientName = "github";

    private const int MostRedirects = 3;

    public async Task<GitHubUser> GetCurrentUserAsync(string accessToken, CancellationToken cancellationToken)
    {
        var (user, _) = await GetAsync(accessToken, "user", GitHubJson.Default.UserAnswer, cancellationToken);
        return new GitHubUser(user.Id, user.Login, user.Name, user.Email, user.AvatarUrl);
    }

    public async Task<IReadOnlyList<GitHubEmail>> ListEmailsAsync(string accessToken, CancellationToken cancellationToken)
    {
        var (emails, _) = await GetAsync(accessToken, "user/emails?per_page=100", GitHubJson.Default.ListEmailAnswer, cancellationToken);
        return [.. emails.Select(email => new GitHubEmail(email.Email, email.Primary, email.Verified))];
    }

    public async Task<GitHubAppInstallation?> FindInstallationAsync(string appToken, long installationId, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"app/installations/{installationId}");
        using var response = await SendAsync(appToken, path, cancellationToken, HttpStatusCode.NotFound);
        if (!response.IsSuccessStatusCode) return null;
        var found = await ReadAsync(response, GitHubJson.Default.InstallationAnswer, cancellationToken);
        return new GitHubAppInstallation(found.Id, found.Account.Id, found.Account.Login, found.Account.Type);
    }

    public async Task<bool> CanReachInstallationAsync(string accessToken, long installationId, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"user/installations/{installationId}/repositories?per_page=1");
        using var response = await SendAsync(accessToken, path, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        return response.IsSuccessStatusCode
            && (await ReadAsync(response, GitHubJson.Default.InstallationRepositories, cancellationToken)).TotalCount > 0;
    }

    public Task<GitHubPage<GitHubRepository>> ListRepositoriesAsync(string accessToken, GitHubRepositoryQuery query, CancellationToken cancellationToken)
    {
        var visibility = query.Visibility switch
        {
            GitHubVisibility.Public => "public",
            GitHubVisibility.Private => "private",
            _ => "all",
        };
        return RepositorySearch.RunAsync(query, ListAsync, cancellationToken);

        async Task<GitHubPage<GitHubRepository>> ListAsync(int page, int pageSize, CancellationToken token)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"user/repos?visibility={visibility}&sort=pushed&direction=desc&per_page={pageSize}&page={page}");
            var (items, hasNext) = await GetAsync(accessToken, path, GitHubJson.Default.ListRepositoryAnswer, token);
            return new GitHubPage<GitHubRepository>([.. items.Select(item => item.ToRepository())], hasNext);
        }
    }

    public async Task<GitHubRepository?> FindRepositoryAsync(string? accessToken, string owner, string name, CancellationToken cancellationToken)
    {
        if (Path(owner, name) is not { } path) return null;
        try
        {
            var (found, _) = await GetAsync(accessToken, path, GitHubJson.Default.RepositoryAnswer, cancellationToken);
            return found.ToRepository();
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.NotFound)
        {
            return null;
        }
    }

    public async Task<GitHubPage<GitHubBranch>> ListBranchesAsync(string? accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken)
    {
        var path = Path(owner, name) ?? throw new GitHubException(GitHubError.NotFound, "There is no such repository.");
        var target = string.Create(CultureInfo.InvariantCulture, $"{path}/branches?per_page={pageSize}&page={page}");
        var (items, hasNext) = await GetAsync(accessToken, target, GitHubJson.Default.ListBranchAnswer, cancellationToken);
        return new GitHubPage<GitHubBranch>([.. items.Select(item => new GitHubBranch(item.Name, item.Commit.Sha, item.Protected))], hasNext);
    }

    public async Task<GitHubCommit?> FindCommitAsync(string? accessToken, string owner, string name, string reference, CancellationToken cancellationToken)
    {
        if (Path(owner, name) is not { } path || Segment(reference) is not { } segment) return null;
        // 422: no such reference; 409: the repository is empty.
        using var response = await SendAsync(accessToken, $"{path}/commits/{segment}", cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Conflict);
        if (!response.IsSuccessStatusCode) return null;

        return (await ReadAsync(response, GitHubJson.Default.CommitAnswer, cancellationToken)).ToCommit();
    }

    private static string? Path(string owner, string name) =>
        Segment(owner) is { } first && Segment(name) is { } second ? $"repos/{first}/{second}" : null;

    /// <summary>Null: nothing GitHub has can be called so, and it could lead elsewhere in the API.</summary>
    private static string? Segment(string text) => text.Length == 0 || text is "." or ".." || text.StartsWith("../", StringComparison.Ordinal) ? null : Uri.EscapeDataString(text);

    private async Task<(T Answer, bool HasNext)> GetAsync<T>(string? accessToken, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(accessToken, path, cancellationToken);
        return (await ReadAsync(response, type, cancellationToken), HasNext(response));
    }

    private static bool HasNext(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && links.Any(link => link.Contains("rel=\"next\"", StringComparison.Ordinal));

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken) ?? throw new GitHubException(GitHubError.Failed, "GitHub answered with nothing.");
        }
        catch (JsonException exception)
        {
            throw new GitHubException(GitHubError.Failed, "GitHub's answer is not understood.", null, exception);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string? accessToken, string path, CancellationToken cancellationToken, params HttpStatusCode[] accepted) =>
        SendAsync(new Call(HttpMethod.Get, path, Bearer(accessToken)), cancellationToken, accepted);

    private async Task<HttpResponseMessage> SendAsync(Call call, CancellationToken cancellationToken, params HttpStatusCode[] accepted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            return await FollowAsync(call, new Uri(options.Value.BaseAddress, call.Path), accepted, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitHubException(GitHubError.Unavailable, "GitHub did not answer in time.", null, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new GitHubException(GitHubError.Unavailable, "GitHub cannot be reached.", null, exception);
        }
    }

    /// <summary>A renamed repository answers by a redirect. The token goes with it only where it came from.</summary>
    private async Task<HttpResponseMessage> FollowAsync(Call call, Uri address, HttpStatusCode[] accepted, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(ClientName);
        client.Timeout = Timeout.InfiniteTimeSpan;
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(call, address);
            var response = await client.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode || accepted.Contains(response.StatusCode)) return response;
            using (response)
            {
                var redirected = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
                if (!redirected || response.Headers.Location is not { } location) throw await GitHubErrors.CreateAsync(response, time, cancellationToken);

                var next = new Uri(address, location);
                if (redirects == MostRedirects || next.Authority != address.Authority || next.Scheme != address.Scheme)
                {
                    throw new GitHubException(GitHubError.Failed, "GitHub redirected to somewhere else.");
                }

                address = next;
            }
        }
    }

    private static HttpRequestMessage Request(Call call, Uri address)
    {
        var request = new HttpRequestMessage(call.Method, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Autostack", "1.0"));
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        request.Headers.Authorization = call.Authorization;
        if (call.Body is not { } body) return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private static AuthenticationHeaderValue? Bearer(string? accessToken) => accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);

    /// <param name="Method">What is done.</param>
    /// <param name="Path">Relative to the API.</param>
    /// <param name="Authorization">In whose name; null: nobody's.</param>
    /// <param name="Body">JSON; as bytes, because a redirect sends it again.</param>
    private sealed record Call(HttpMethod Method, string Path, AuthenticationHeaderValue? Authorization, byte[]? Body = null);
}
