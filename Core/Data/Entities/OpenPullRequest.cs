namespace Platform.Core.Data.Entities;

/// <summary>A pull request of a branch of the project's own repository, as long as it is open. Those of forks have addresses of their own.</summary>
public sealed class OpenPullRequest
{
    public Guid ProjectId { get; set; }

    /// <summary>GitHub's number of it.</summary>
    public int Number { get; set; }

    /// <summary>The branch that it wants to be merged.</summary>
    public required string Branch { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
