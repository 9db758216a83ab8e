namespace Platform.Core.Data.Entities;

/// <summary>One delivery of GitHub's webhook. Its id at GitHub makes processing it idempotent; the body is kept to be replayed.</summary>
public sealed class GitHubDelivery
{
    public Guid Id { get; set; }

    /// <summary>GitHub's id of it.</summary>
    public required string DeliveryId { get; set; }

    public required string Event { get; set; }

    public string? Action { get; set; }

    /// <summary><c>owner/name</c>; null: the event is about no repository.</summary>
    public string? Repository { get; set; }

    public required string Payload { get; set; }

    /// <summary>One of <see cref="GitHubDeliveryStatus"/>.</summary>
    public required string Status { get; set; }

    /// <summary>Why it was ignored or failed.</summary>
    public string? Reason { get; set; }

    /// <summary>How often it was processed, replays included.</summary>
    public int Attempts { get; set; } = 1;

    public DateTimeOffset ReceivedAt { get; set; }

    public DateTimeOffset? ProcessedAt { get; set; }
}

/// <summary>What came of a delivery for one project.</summary>
public sealed class GitHubDeliveryResult
{
    /// <summary>The row of <see cref="GitHubDelivery"/>.</summary>
    public Guid DeliveryId { get; set; }

    public Guid ProjectId { get; set; }

    /// <summary>One of <see cref="GitHubDeliveryOutcome"/>.</summary>
    public required string Outcome { get; set; }

    /// <summary>Why nothing was deployed.</summary>
    public string? Reason { get; set; }

    /// <summary>The deployment it made; it may be deleted since.</summary>
    public Guid? DeploymentId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The one comment of a project on a pull request.</summary>
public sealed class GitHubComment
{
    public Guid ProjectId { get; set; }

    public int PullRequest { get; set; }

    /// <summary>GitHub's number of it; null: not written yet.</summary>
    public long? CommentId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What became of a delivery.</summary>
public static class GitHubDeliveryStatus
{
    public const string Processed = "processed";
    public const string Ignored = "ignored";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Processed, Ignored, Failed];
}

/// <summary>What a delivery did to a project.</summary>
public static class GitHubDeliveryOutcome
{
    public const string Deployed = "deployed";

    /// <summary>A deployment was made that somebody has to approve.</summary>
    public const string Waiting = "waiting";

    /// <summary>The branch or the pull request is gone, and with it what waited for it.</summary>
    public const string Removed = "removed";

    public const string Skipped = "skipped";

    public static IReadOnlyList<string> All { get; } = [Deployed, Waiting, Removed, Skipped];
}
