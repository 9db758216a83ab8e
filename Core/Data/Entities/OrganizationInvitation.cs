namespace Platform.Core.Data.Entities;

/// <summary>An offer to join, good for one address and one time.</summary>
public sealed class OrganizationInvitation
{
    public Guid Id { get; set; }

    public Guid OrganizationId { get; set; }

    /// <summary>The address as it was written.</summary>
    public required string Email { get; set; }

    /// <summary>The address as it is compared.</summary>
    public required string NormalizedEmail { get; set; }

    public OrganizationRole Role { get; set; }

    /// <summary>SHA-256 of the mailed token, hexadecimal.</summary>
    public required string TokenHash { get; set; }

    /// <summary>Who invited; null when that account is gone.</summary>
    public Guid? InvitedBy { get; set; }

    /// <summary>One of <see cref="InvitationStatus"/>; moved by compare-and-set only.</summary>
    public string Status { get; set; } = InvitationStatus.Pending;

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The states of an invitation: <c>pending → accepted | declined | revoked</c>.</summary>
public static class InvitationStatus
{
    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Declined = "declined";
    public const string Revoked = "revoked";

    public static IReadOnlyList<string> All { get; } = [Pending, Accepted, Declined, Revoked];
}
