namespace Platform.Core.Data.Entities;

/// <summary>A key that signs access tokens from <see cref="ActivatesAt"/> until the next one does.</summary>
public sealed class SigningKey
{
    /// <summary>Names the key in the header of a token (<c>kid</c>).</summary>
    public Guid Id { get; set; }

    /// <summary>The key, protected by Data Protection.</summary>
    public required string Secret { get; set; }

    public DateTimeOffset ActivatesAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
