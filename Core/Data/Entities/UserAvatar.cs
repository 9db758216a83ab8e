namespace Platform.Core.Data.Entities;

/// <summary>An uploaded picture of a person.</summary>
public sealed class UserAvatar
{
    public Guid UserId { get; set; }

    public required byte[] Content { get; set; }

    /// <summary>Told by the content's first bytes.</summary>
    public required string ContentType { get; set; }

    /// <summary>SHA-256 of the content, hexadecimal.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
