namespace Platform.Core.Data.Entities;

/// <summary>The stable address of a branch, or of a fork's pull request. It shows the newest success, which is found when it is asked for.</summary>
public sealed class BranchAlias
{
    public Guid ProjectId { get; set; }

    /// <summary>The part of the host name before the project's slug; it stays the branch's also when that is deleted and comes back.</summary>
    public required string Name { get; set; }

    public required string Branch { get; set; }

    /// <summary>GitHub's number of the pull request, when its commits are a fork's: a fork's branch is not the project's of the same name.</summary>
    public int? PullRequest { get; set; }

    /// <summary>When the branch or the pull request was closed. Only what was asked for later is shown.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
