namespace Platform.Core.Data.Entities;

/// <summary>
/// Somebody signed in at a provider, and the address still has to be proven: by the password of the account that has it, or by a link
/// that was mailed to it. Good once, for minutes.
/// </summary>
public sealed class PendingLogin
{
    public Guid Id { get; set; }

    /// <summary>The account to connect the login with; null: one is made when the address is proven.</summary>
    public Guid? UserId { get; set; }

    public required string Provider { get; set; }

    /// <summary>The person's id at the provider.</summary>
    public required string ProviderKey { get; set; }

    /// <summary>What the provider calls the person, for people.</summary>
    public string? DisplayName { get; set; }

    public required string Email { get; set; }

    public required string Name { get; set; }

    public string? AvatarUrl { get; set; }

    /// <summary>SHA-256 of the token that the browser got; it needs the password with it.</summary>
    public required string TokenHash { get; set; }

    /// <summary>SHA-256 of the token that was mailed.</summary>
    public required string MailTokenHash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
