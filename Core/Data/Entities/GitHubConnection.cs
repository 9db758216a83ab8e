namespace Platform.Core.Data.Entities;

/// <summary>A connected GitHub account; both tokens are encrypted with Data Protection.</summary>
public sealed class GitHubConnection
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    public string? GitHubUsername { get; set; }

    public required string GitHubAccessToken { get; set; }

    public string? GitHubRefreshToken { get; set; }

    public DateTimeOffset? TokenExpiresAt { get; set; }

    /// <summary>What GitHub lets the token do, as it told; null for a token of the App, which has permissions instead.</summary>
    public string? Scopes { get; set; }

    /// <summary>When GitHub refused the token; the account has to be connected again.</summary>
    public DateTimeOffset? BrokenAt { get; set; }

    public DateTimeOffset ConnectedAt { get; set; }
}
