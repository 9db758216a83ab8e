namespace Platform.Api.GitHub.Webhooks;

/// <summary>What GitHub says is there now.</summary>
/// <param name="Branch">Where it is.</param>
/// <param name="Sha">The commit.</param>
/// <param name="Fork">The fork that it is in; null: the repository itself.</param>
/// <param name="PullRequest">The pull request that it is the head of.</param>
internal sealed record PushedCommit(string Branch, string Sha, string? Fork = null, int? PullRequest = null);

/// <summary>What came of it for one project.</summary>
internal sealed record PushOutcome(string Outcome, string? Reason = null, Guid? DeploymentId = null);
