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

    /// <summary>Commits that lead to a branch, tag or hash, newest first; none where there is no such reference.</summary>
    Task<GitHubPage<GitHubCommit>> ListCommitsAsync(
        string? accessToken, string owner, string name, string reference, int page, int pageSize, CancellationToken cancellationToken);

    /// <summary>Files that a pull request changes, each with the name it had before, where that was another; GitHub tells at most 3,000 in all.</summary>
    Task<GitHubPage<GitHubChangedFile>> ListPullRequestFilesAsync(string accessToken, string owner, string name, int number, int page, int pageSize, CancellationToken cancellationToken);

    /// <summary>Pull requests of the repository that are open.</summary>
    Task<GitHubPage<GitHubPullRequest>> ListOpenPullRequestsAsync(string accessToken, string owner, string name, int page, int pageSize, CancellationToken cancellationToken);

    /// <summary>Says how it stands with a commit. Said again in the same context, it replaces what was said before.</summary>
    Task SetCommitStatusAsync(string accessToken, string owner, string name, string sha, GitHubCommitStatus status, CancellationToken cancellationToken);

    /// <summary>Writes a comment on an issue or a pull request and returns its number.</summary>
    Task<long> CreateCommentAsync(string accessToken, string owner, string name, int issue, string body, CancellationToken cancellationToken);

    /// <summary>Replaces the text of a comment; false: somebody deleted it.</summary>
    Task<bool> UpdateCommentAsync(string accessToken, string owner, string name, long commentId, string body, CancellationToken cancellationToken);

    /// <summary>Makes a webhook of the repository and returns its number; that of the one that has the address already, where there is one.</summary>
    Task<long> CreateWebhookAsync(string accessToken, string owner, string name, GitHubWebhook webhook, CancellationToken cancellationToken);

    /// <summary>Removes a webhook; false: it was gone.</summary>
    Task<bool> DeleteWebhookAsync(string accessToken, string owner, string name, long webhookId, CancellationToken cancellationToken);

    /// <summary>Makes a token worthless, asked by the application that got it; false: it was.</summary>
    Task<bool> RevokeTokenAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken);

    /// <summary>Takes back what a person has allowed the application, and with it all its tokens of theirs; false: the token is worth nothing any more.</summary>
    Task<bool> RevokeGrantAsync(string clientId, string clientSecret, string accessToken, CancellationToken cancellationToken);
}
