namespace Platform.Core.GitHub;

/// <summary>
/// GitHub's REST API (https://docs.github.com/rest, version 2022-11-28), each call on behalf of the account whose token is given; null: anonymous.
/// Every call can throw <see cref="GitHubException"/>.
/// </summary>
public interface IGitHubClient
{
    /// <summary>The account that the token belongs to.</summary>
    Task<GitHubUser> GetCurrentUserAsync(string accessToken, CancellationToken cancellationToken);

    /// <summary>The account's addresses; the token needs the scope <c>user:email</c>.</summary>
    Task<IReadOnlyList<GitHubEmail>> ListEmailsAsync(string accessToken, CancellationToken cancellationToken);

    /// <summary>An installation of the GitHub App, asked by the App itself (see <see cref="GitHubAppTokens"/>); null: there is none of this App.</summary>
    Task<GitHubAppInstallation?> FindInstallationAsync(string appToken, long installationId, CancellationToken cancellationToken);

    /// <summary>Whether the person can reach a repository of the installation, asked by a token that the App got for this person.</summary>
    Task<bool> CanReachInstallationAsync(string accessToken, long installationId, CancellationToken cancellationToken);

    /// <summary>Repositories the account can reach (its own, its organisations', those it collaborates on), last pushed first.</summary>
    Task<GitHubPage<GitHubRepository>> ListRepositoriesAsync(string accessToken, GitHubRepositoryQuery query, CancellationToken cancellationToken);

    /// <summary>The repository, or null when there is none or the account may not see it.</summary>
    Task<GitHubRepository?> FindRepositoryAsync(string? accessToken, string owner, string name, CancellationToken cancellationToken);

    /// <summary>Branches in the order of their names.</summary>
    Task<GitHubPage<GitHubBranch>> ListBranchesAsync(string? accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken);

    /// <summary>The commit that a branch, tag or hash names, or null.</summary>
    Task<GitHubCommit?> FindCommitAsync(string? accessToken, string owner, string name, string reference, CancellationToken cancellationToken);
}
