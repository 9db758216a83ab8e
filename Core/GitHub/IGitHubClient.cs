namespace Platform.Core.GitHub;

/// <summary>
/// GitHub's REST API (https://docs.github.com/rest, version 2022-11-28), each call on behalf of the account whose token is given; null: anonymous.
/// Every call can throw <see cref="GitHubException"/>.
/// </summary>
public interface IGitHubClient
{
    /// <summary>The account that the token belongs to.</summary>
    Task<GitHubUser> GetCurrentUserAsync(string accessToken, CancellationToken cancellationToken);

    /// <summary>Repositories the account can reach (its own, its organisations', those it collaborates on), last pushed first.</summary>
    Task<GitHubPage<GitHubRepository>> ListRepositoriesAsync(string accessToken, GitHubRepositoryQuery query, CancellationToken cancellationToken);

    /// <summary>The repository, or null when there is none or the account may not see it.</summary>
    Task<GitHubRepository?> FindRepositoryAsync(string? accessToken, string owner, string name, CancellationToken cancellationToken);

    /// <summary>Branches in the order of their names.</summary>
    Task<GitHubPage<GitHubBranch>> ListBranchesAsync(string? accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken);

    /// <summary>The commit that a branch, tag or hash names, or null.</summary>
    Task<GitHubCommit?> FindCommitAsync(string? accessToken, string owner, string name, string reference, CancellationToken cancellationToken);
}
