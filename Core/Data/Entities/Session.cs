namespace Platform.Core.Data.Entities;

/// <summary>A signed-in device. Its refresh token rotates; only the newest one's hash is kept, and a spent one ends the session.</summary>
public sealed class Session
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>SHA-256 of the current refresh token, hexadecimal.</summary>
    public required string Token { get; set; }

    /// <summary>SHA-256 of the one before it: presenting that one is theft or a lost answer.</summary>
    public string? PreviousToken { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Keeps the cookies beyond the browser's end.</summary>
    public bool Persistent { get; set; }

    public string? UserAgent { get; set; }

    public string? IpAddress { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
