using System.ComponentModel.DataAnnotations;

namespace Platform.Web.Sites;

/// <summary>How this process serves sites.</summary>
internal sealed class SiteHostOptions
{
    public const string SectionName = "SiteHost";

    /// <summary>Bytes of small files kept in memory.</summary>
    [Range(0, long.MaxValue)]
    public long CacheBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>The largest file that is kept in memory.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public long LargestCachedFile { get; set; } = 1024 * 1024;

    /// <summary>How long a found site is served before it is looked up again; changes are announced, this is for a lost announcement.</summary>
    public TimeSpan Freshness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often counted requests are written down.</summary>
    public TimeSpan TrafficInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often users' domains that are due are looked at again.</summary>
    public TimeSpan DomainInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Wrong passwords that one address may try for one site in a minute.</summary>
    [Range(1, 10_000)]
    public int PasswordAttempts { get; set; } = 10;
}
