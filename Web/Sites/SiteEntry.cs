using Platform.Core.Data.Entities;
using Platform.Web.Files;

namespace Platform.Web.Sites;

/// <summary>What a host name names, as it was found some moments ago.</summary>
internal sealed class SiteEntry
{
    private int _refreshing;

    /// <summary>The name is neither below the sites' domain nor a user's domain: the rest of this process answers.</summary>
    public bool IsOurs { get; init; }

    public Guid ProjectId { get; init; }

    public string? Slug { get; init; }

    /// <summary>What it serves; null: nothing yet.</summary>
    public SiteContent? Content { get; init; }

    /// <summary>The address of one deployment or of a branch rather than of production.</summary>
    public bool IsPreview { get; init; }

    /// <summary>When the content appeared under this name.</summary>
    public Timestamp? Modified { get; init; }

    /// <summary>Asked for by protected addresses; null: open to everybody.</summary>
    public SitePassword? Password { get; init; }

    /// <summary>How long assets of replaced deployments stay reachable.</summary>
    public TimeSpan AssetWindow { get; init; }

    public SiteCounter? Counter { get; init; }

    /// <summary>When it was looked up.</summary>
    public DateTimeOffset LoadedAt { get; set; }

    /// <summary>Served without another look until then.</summary>
    public DateTimeOffset FreshUntil { get; set; }

    /// <summary>Served while another look is taken until then.</summary>
    public DateTimeOffset StaleUntil { get; set; }

    /// <summary>True for one of all who would look again.</summary>
    public bool TryBeginRefresh() => Interlocked.CompareExchange(ref _refreshing, 1, 0) == 0;

    public void EndRefresh() => Volatile.Write(ref _refreshing, 0);

    public static SitePassword? PasswordOf(string? protection, bool isPreview, string? hash, Guid stamp) =>
        hash is not null && (protection == SiteProtection.Everything || (protection == SiteProtection.Previews && isPreview)) ? new SitePassword(hash, stamp) : null;
}

/// <summary>A password and what changes with it.</summary>
internal sealed record SitePassword(string Hash, Guid Stamp);
