namespace Platform.Core.Data.Entities;

/// <summary>A key that a person made for a program: it may do what its scopes name, and no more than the person may.</summary>
public sealed class ApiToken
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>Works only on things of this organisation; null: on everything of its person.</summary>
    public Guid? OrganizationId { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public required string TokenHash { get; set; }

    /// <summary>Its first characters, by which its person knows it again.</summary>
    public required string Hint { get; set; }

    public List<string> Scopes { get; set; } = [];

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Correct to about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public string? LastUsedIp { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
