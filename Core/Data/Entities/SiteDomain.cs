namespace Platform.Core.Data.Entities;

/// <summary>A host name of a user's own that shows a project's production deployment once its owner has proven to control it.</summary>
public sealed class SiteDomain
{
    public Guid Id { get; set; }

    public Guid ProjectId { get; set; }

    public Guid OwnerId { get; set; }

    /// <summary>Lower case, in its ASCII form, without a trailing dot. Unique among the verified ones, so that claims do not block owners.</summary>
    public required string Host { get; set; }

    /// <summary>What the TXT record has to say.</summary>
    public required string Token { get; set; }

    /// <summary>One of <see cref="SiteDomainStatus"/>.</summary>
    public string Status { get; set; } = SiteDomainStatus.Pending;

    /// <summary>What the last look found, for people; null when all is well.</summary>
    public string? Problem { get; set; }

    /// <summary>Looks in a row that found a verified domain without its proof.</summary>
    public int Misses { get; set; }

    /// <summary>The one that answers name as the site's address; at most one of a project.</summary>
    public bool IsPrimary { get; set; }

    public DateTimeOffset? VerifiedAt { get; set; }

    public DateTimeOffset? CheckedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The states of a domain.</summary>
public static class SiteDomainStatus
{
    public const string Pending = "pending";
    public const string Verified = "verified";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Pending, Verified, Failed];
}
