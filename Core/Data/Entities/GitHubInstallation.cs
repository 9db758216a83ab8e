namespace Platform.Core.Data.Entities;

/// <summary>The GitHub App in an account of GitHub, connected with the person who installed it.</summary>
public sealed class GitHubInstallation
{
    public Guid Id { get; set; }

    /// <summary>Whose things may use it.</summary>
    public Guid OwnerId { get; set; }

    /// <summary>Who installed it.</summary>
    public Guid UserId { get; set; }

    /// <summary>GitHub's number of it.</summary>
    public long InstallationId { get; set; }

    /// <summary>GitHub's number of the account it is installed in.</summary>
    public long AccountId { get; set; }

    public required string AccountLogin { get; set; }

    /// <summary><c>User</c> or <c>Organization</c>.</summary>
    public required string AccountType { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
