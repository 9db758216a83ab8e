using System.Net;
using Octokit;
using Octokit.Internal;

namespace Platform.Core.GitHub.Octokit;

/// <summary>GitHub over the package Octokit. The package's calls take no cancellation token: a cancelled call is left alone and ends by its timeout.</summary>
internal sealed partial class OctokitGitHubClient(GitHubOptions options, GitHubAnswers answers, TimeProvider time) : IGitHubClient, IDisposable
{
    private static readonly SimpleJsonSerializer Serializer = new();

    private readonly HttpClientAdapter _http = CreateHttp(options, answers, time);

    public Task<GitHubUser> GetCurrentUserAsync(string accessToken, CancellationToken cancellationToken) => CallAsync(
        accessToken,
        async client =>
        {
            var user = await client.User.Current();
            return new GitHubUser(user.Id, user.Login, user.Name, user.Email, user.AvatarUrl);
        },
        cancellationToken);

    public Task<IReadOnlyList<GitHubEmail>> ListEmailsAsync(string accessToken, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<GitHubEmail>>(
        accessToken,
        async client => [.. (await client.User.Email.GetAll(One(1, 100))).Select(email => new GitHubEmail(email.Email, email.Primary, email.Verified))],
        cancellationToken);

    public async Task<GitHubAppInstallation?> FindInstallationAsync(string appToken, long installationId, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                appToken,
                async client =>
                {
                    var found = await client.GitHubApps.GetInstallationForCurrent(installationId);
                    return new GitHubAppInstallation(found.Id, found.Account.Id, found.Account.Login, found.TargetType.StringValue);
                },
                cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.NotFound)
        {
            return null;
        }
    }

    public async Task<bool> CanReachInstallationAsync(string accessToken, long installationId, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                accessToken,
                async client => (await client.GitHubApps.Installation.GetAllRepositoriesForCurrentUser(installationId, One(1, 1))).TotalCount > 0,
                cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error is GitHubError.NotFound or GitHubError.Forbidden)
        {
            return false;
        }
    }

    public Task<GitHubPage<GitHubRepository>> ListRepositoriesAsync(string accessToken, GitHubRepositoryQuery query, CancellationToken cancellationToken)
    {
        var request = new RepositoryRequest
        {
            Sort = RepositorySort.Pushed,
            Direction = SortDirection.Descending,
            Visibility = query.Visibility switch
            {
                GitHubVisibility.Public => RepositoryRequestVisibility.Public,
                GitHubVisibility.Private => RepositoryRequestVisibility.Private,
                _ => RepositoryRequestVisibility.All,
            },
        };
        return RepositorySearch.RunAsync(query, ListAsync, cancellationToken);

        Task<GitHubPage<GitHubRepository>> ListAsync(int page, int pageSize, CancellationToken token) => CallAsync(
            accessToken,
            async client => Page(client, (await client.Repository.GetAllForCurrent(request, One(page, pageSize))).Select(ToRepository)),
            token);
    }

    public async Task<GitHubRepository?> FindRepositoryAsync(string? accessToken, string owner, string name, CancellationToken cancellationToken)
    {
        if (!IsName(owner) || !IsName(name)) return null;
        try
        {
            return await CallAsync(accessToken, async client => ToRepository(await client.Repository.Get(Segment(owner), Segment(name))), cancellationToken);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.NotFound)
        {
            return null;
        }
    }

    public Task<GitHubPage<GitHubBranch>> ListBranchesAsync(string? accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken)
    {
        if (!IsName(owner) || !IsName(name)) throw new GitHubException(GitHubError.NotFound, "There is no such repository.");
        return CallAsync(
            accessToken,
            async client =>
            {
                var found = await client.Repository.Branch.GetAll(Segment(owner), Segment(name), One(page, pageSize));
                return Page(client, found.Select(branch => new GitHubBranch(branch.Name, branch.Commit.Sha, branch.Protected)));
            },
            cancellationToken);
    }

    public async Task<GitHubCommit?> FindCommitAsync(string? accessToken, string owner, string name, string reference, CancellationToken cancellationToken)
    {
        if (!IsName(owner) || !IsName(name) || !IsName(reference)) return null;
        return await CallAsync<GitHubCommit?>(
            accessToken,
            async client =>
            {
                try
                {
                    var found = await client.Repository.Commit.Get(Segment(owner), Segment(name), Segment(reference));
                    return ToCommit(found);
                }
                catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict)
                {
                    // 422: no such reference; 409: the repository is empty.
                    return null;
                }
            },
            cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static HttpClientAdapter CreateHttp(GitHubOptions options, GitHubAnswers answers, TimeProvider time)
    {
        var adapter = new HttpClientAdapter(() => new VersionHandler
        {
            InnerHandler = new ConditionalRequests(answers, time) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false } },
        });
        adapter.SetRequestTimeout(options.Timeout);
        return adapter;
    }

    /// <summary>Nothing GitHub has can be called otherwise, and it could lead elsewhere in the API.</summary>
    private static bool IsName(string text) => text.Length > 0 && text is not ("." or "..") && !text.StartsWith("../", StringComparison.Ordinal);

    /// <summary>The package puts names into addresses as they are.</summary>
    private static string Segment(string text) => Uri.EscapeDataString(text);

    private static ApiOptions One(int page, int pageSize) => new() { StartPage = page, PageCount = 1, PageSize = pageSize };

    private static GitHubPage<T> Page<T>(GitHubClient client, IEnumerable<T> items) => new([.. items], client.GetLastApiInfo()?.Links.ContainsKey("next") == true);

    private static GitHubRepository ToRepository(Repository repository) => new()
    {
        Id = repository.Id,
        Owner = repository.Owner.Login,
        Name = repository.Name,
        IsPrivate = repository.Private,
        IsFork = repository.Fork,
        IsArchived = repository.Archived,
        DefaultBranch = repository.DefaultBranch ?? "main",
        CloneUrl = repository.CloneUrl,
        Description = repository.Description,
        Language = repository.Language,
        PushedAt = repository.PushedAt,
    };

    private Task<T> CallAsync<T>(string? accessToken, Func<GitHubClient, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(accessToken is null ? Credentials.Anonymous : new Credentials(accessToken, AuthenticationType.Bearer), call, cancellationToken);

    private async Task<T> CallAsync<T>(Credentials credentials, Func<GitHubClient, Task<T>> call, CancellationToken cancellationToken)
    {
        var connection = new Connection(new ProductHeaderValue("Autostack", "1.0"), options.BaseAddress, new InMemoryCredentialStore(credentials), _http, Serializer);
        try
        {
            return await call(new GitHubClient(connection)).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (OctokitErrors.Translate(exception, time, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>The package does not name the version of the API it was written for.</summary>
    private sealed class VersionHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", "2022-11-28");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
