namespace Platform.Core.Data.Entities;

/// <summary>A kind of device that an account has signed in from, so that a new one can be told by mail.</summary>
public sealed class UserDevice
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>SHA-256 of browser, system and network, hexadecimal.</summary>
    public required string Fingerprint { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
