namespace Platform.Api.GitHub.Webhooks;

/// <summary>What GitHub says is there now.</summary>
/// <param name="Branch">Where it is.</param>
/// <param name="Sha">The commit.</param>
/// <param name="Fork">The fork that it is in; null: the repository itself.</param>
/// <param name="PullRequest">The pull request that it is the head of.</param>
internal sealed record PushedCommit(string Branch, string Sha, string? Fork = null, int? PullRequest = null);

/// <summary>What GitHub says is there no more.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="PullRequest">The pull request that was closed; null: the branch was deleted.</param>
/// <param name="IsFork">The branch is a fork's.</param>
internal sealed record GoneBranch(string Branch, int? PullRequest = null, bool IsFork = false);

/// <summary>What came of it for one project.</summary>
internal sealed record PushOutcome(string Outcome, string? Reason = null, Guid? DeploymentId = null);
