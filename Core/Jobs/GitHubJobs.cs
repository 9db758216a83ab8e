namespace Platform.Core.Jobs;

/// <summary>Tell GitHub how it stands with a deployment: the commit's status, and the comment on its pull request.</summary>
/// <param name="DeploymentId">The row in <c>deployments</c>.</param>
/// <param name="PullRequest">One more pull request that is to be told, although it is not open any more.</param>
public sealed record ReportDeploymentJob(Guid DeploymentId, int? PullRequest = null) : IJob
{
    /// <summary>GitHub may be away for a while.</summary>
    public static EnqueueOptions Options { get; } = new() { MaxAttempts = 8 };

    /// <inheritdoc />
    public static string Type => "report-deployment";

    /// <inheritdoc />
    public static string Queue => JobQueues.GitHub;
}

/// <summary>Tell GitHub that a deployment was deleted before it had ended: its commit would wait for ever.</summary>
/// <param name="DeploymentId">What its row in <c>deployments</c> was.</param>
/// <param name="ProjectId">Its project, which may be gone as well.</param>
/// <param name="UserId">By whose connected account.</param>
/// <param name="Repository">Its canonical address, as in <c>projects.repository</c>.</param>
/// <param name="Slug">The project's name in the commit's status.</param>
/// <param name="Sha">The commit.</param>
/// <param name="PullRequest">GitHub's number of the pull request that it previewed.</param>
public sealed record ReportDeletedDeploymentJob(Guid DeploymentId, Guid ProjectId, Guid UserId, string Repository, string Slug, string Sha, int? PullRequest) : IJob
{
    /// <inheritdoc />
    public static string Type => "report-deleted-deployment";

    /// <inheritdoc />
    public static string Queue => JobQueues.GitHub;
}

/// <summary>Make or remove a project's webhook at GitHub, as its settings ask for. Place it whenever <c>auto_deploy</c> or the repository changes.</summary>
/// <param name="ProjectId">The row in <c>projects</c>.</param>
public sealed record SyncWebhookJob(Guid ProjectId) : IJob
{
    /// <inheritdoc cref="ReportDeploymentJob.Options"/>
    public static EnqueueOptions Options { get; } = new() { MaxAttempts = 5 };

    /// <inheritdoc />
    public static string Type => "sync-github-webhook";

    /// <inheritdoc />
    public static string Queue => JobQueues.GitHub;
}

/// <summary>Remove a webhook of a repository that its project has left, unless another project still listens by it.</summary>
/// <param name="UserId">By whose connected account; null: by <paramref name="Token"/>.</param>
/// <param name="Repository">Its canonical address, as in <c>projects.repository</c>.</param>
/// <param name="RepositoryId">GitHub's number of the repository.</param>
/// <param name="HookId">GitHub's number of the webhook.</param>
/// <param name="Token">The token of an account that is deleted, encrypted as <c>github_connections</c> has it: this is all that is left of it.</param>
public sealed record RemoveWebhookJob(Guid? UserId, string Repository, string RepositoryId, long HookId, string? Token = null) : IJob
{
    /// <inheritdoc cref="ReportDeploymentJob.Options"/>
    public static EnqueueOptions Options { get; } = new() { MaxAttempts = 8 };

    /// <inheritdoc />
    public static string Type => "remove-github-webhook";

    /// <inheritdoc />
    public static string Queue => JobQueues.GitHub;
}

/// <summary>Take back at GitHub what somebody had allowed: they have disconnected, or their account is gone. Nothing here has the tokens any more.</summary>
/// <param name="Token">Encrypted, as <c>github_connections</c> had it.</param>
/// <param name="RefreshToken">As <paramref name="Token"/>; null: there was none.</param>
/// <param name="Login">Whose account at GitHub: it may be connected again by now, or with another account of ours.</param>
/// <param name="After">Jobs that need the token until they are over.</param>
public sealed record RevokeGitHubJob(string Token, string? RefreshToken, string? Login, IReadOnlyList<Guid> After) : IJob
{
    /// <inheritdoc cref="ReportDeploymentJob.Options"/>
    public static EnqueueOptions Options { get; } = new() { MaxAttempts = 8 };

    /// <inheritdoc />
    public static string Type => "revoke-github-grant";

    /// <inheritdoc />
    public static string Queue => JobQueues.GitHub;
}
