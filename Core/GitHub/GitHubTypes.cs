namespace Platform.Core.GitHub;

/// <summary>An account.</summary>
/// <param name="Id">Its number; a login can change, this cannot.</param>
/// <param name="Login">Its name in addresses.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Email">The public address.</param>
/// <param name="AvatarUrl">Its picture.</param>
public sealed record GitHubUser(long Id, string Login, string? Name, string? Email, string? AvatarUrl);

/// <summary>One of an account's addresses.</summary>
public sealed record GitHubEmail(string Email, bool IsPrimary, bool IsVerified);

/// <summary>The GitHub App in an account.</summary>
/// <param name="Id">Its number.</param>
/// <param name="AccountId">The account's number.</param>
/// <param name="AccountLogin">The account's name.</param>
/// <param name="AccountType"><c>User</c> or <c>Organization</c>.</param>
public sealed record GitHubAppInstallation(long Id, long AccountId, string AccountLogin, string AccountType);

/// <summary>A repository.</summary>
public sealed record GitHubRepository
{
    public required long Id { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public required bool IsPrivate { get; init; }

    public required bool IsFork { get; init; }

    public required bool IsArchived { get; init; }

    public required string DefaultBranch { get; init; }

    /// <summary>The address to clone by https.</summary>
    public required string CloneUrl { get; init; }

    public string? Description { get; init; }

    /// <summary>The language with the most code.</summary>
    public string? Language { get; init; }

    public DateTimeOffset? PushedAt { get; init; }
}

/// <summary>A branch and its last commit.</summary>
public sealed record GitHubBranch(string Name, string CommitSha, bool IsProtected);

/// <summary>A commit.</summary>
public sealed record GitHubCommit(string Sha, string Message, string? AuthorName, string? AuthorEmail, DateTimeOffset? AuthoredAt);

/// <summary>A file that a pull request changes.</summary>
/// <param name="Path">Its name.</param>
/// <param name="PreviousPath">The name it had, where the pull request renames it.</param>
public sealed record GitHubChangedFile(string Path, string? PreviousPath);

/// <summary>A pull request.</summary>
/// <param name="Number">Its number in the repository.</param>
/// <param name="Branch">What it wants to be merged.</param>
/// <param name="HeadRepositoryId">GitHub's number of the repository of that branch; null: the fork is gone.</param>
public sealed record GitHubPullRequest(int Number, string Branch, long? HeadRepositoryId);

/// <summary>How it stands with a commit.</summary>
/// <param name="State">In one word.</param>
/// <param name="Context">Whose word it is: one of a commit for each context.</param>
/// <param name="Description">In a sentence, at most 140 characters.</param>
/// <param name="TargetUrl">Where to read more.</param>
public sealed record GitHubCommitStatus(GitHubCommitState State, string Context, string Description, string? TargetUrl);

/// <summary>States of a commit.</summary>
public enum GitHubCommitState
{
    Pending,
    Success,

    /// <summary>What was tried failed.</summary>
    Failure,

    /// <summary>It was not tried to the end.</summary>
    Error,
}

/// <summary>A webhook to be made.</summary>
/// <param name="Url">Where GitHub delivers to.</param>
/// <param name="Secret">What it signs with.</param>
/// <param name="Events">What it tells.</param>
public sealed record GitHubWebhook(string Url, string Secret, IReadOnlyList<string> Events);

/// <summary>A page of a list. Pages count from 1.</summary>
public sealed record GitHubPage<T>(IReadOnlyList<T> Items, bool HasNext);

/// <summary>Which repositories.</summary>
public sealed record GitHubRepositoryQuery
{
    public const int LargestPage = 100;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>1 to <see cref="LargestPage"/>.</summary>
    public int PageSize { get; init; } = 30;

    /// <summary>Part of <c>owner/name</c>, in any case; null: all.</summary>
    public string? Search { get; init; }

    public GitHubVisibility Visibility { get; init; }
}

/// <summary>Who can see a repository.</summary>
public enum GitHubVisibility
{
    All,
    Public,
    Private,
}
