namespace Platform.Core.Data.Entities;

/// <summary>A new address that waits for its proof, and the way back for the owner of the old one.</summary>
public sealed class EmailChange
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    public required string OldEmail { get; set; }

    public required string NewEmail { get; set; }

    /// <summary>The account's security stamp when it was asked for: a changed password ends the wish.</summary>
    public string? SecurityStamp { get; set; }

    /// <summary>SHA-256 of the mailed token, hexadecimal.</summary>
    public required string TokenHash { get; set; }

    /// <summary>SHA-256 over this row and the mailed code, hexadecimal.</summary>
    public required string CodeHash { get; set; }

    /// <summary>Wrong codes so far.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When the new address was proven.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>SHA-256 of the token that the old address got, hexadecimal; null: the old address was never proven.</summary>
    public string? UndoTokenHash { get; set; }

    public DateTimeOffset? UndoExpiresAt { get; set; }

    public DateTimeOffset? UndoneAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
