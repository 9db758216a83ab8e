namespace Platform.Core.Data.Entities;

/// <summary>What was mailed to prove that somebody reads an address: a link, and perhaps a short code. Stored hashed, used once.</summary>
public sealed class AccountToken
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary><c>verify-email</c> or <c>reset-password</c>.</summary>
    public required string Purpose { get; set; }

    /// <summary>The address it was mailed to; it proves nothing once the account has another one.</summary>
    public required string Email { get; set; }

    /// <summary>SHA-256 of the token in the link, hexadecimal.</summary>
    public required string TokenHash { get; set; }

    /// <summary>HMAC of the short code, hexadecimal: a plain hash of six digits would hide nothing.</summary>
    public string? CodeHash { get; set; }

    /// <summary>Wrong codes so far.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
