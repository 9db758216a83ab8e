using Microsoft.AspNetCore.Identity;

namespace Platform.Core.Data.Entities;

/// <summary>A person's account: table <c>users</c>, Identity's user with the columns of the contract.</summary>
public sealed class PlatformUser : IdentityUser<Guid>
{
    public required string Name { get; set; }

    public string? AvatarUrl { get; set; }

    public string? GitHubId { get; set; }

    public string? GoogleId { get; set; }

    /// <summary>When an administrator closed the account; null: it is open.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
