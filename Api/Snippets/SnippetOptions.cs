using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Snippets;

/// <summary>How large snippets may be and how long lists are remembered.</summary>
internal sealed class SnippetOptions
{
    public const string SectionName = "Snippets";

    [Range(1, 1000)]
    public int MaxFiles { get; set; } = 20;

    /// <summary>Bytes of all files of one snippet together.</summary>
    [Range(1024, 8 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 512 * 1024;

    /// <summary>Snippets of one owner.</summary>
    [Range(1, 10_000_000)]
    public int MaxPerOwner { get; set; } = 10_000;

    /// <summary>Earlier states of one snippet that are kept.</summary>
    [Range(0, 10_000)]
    public int MaxRevisions { get; set; } = 50;

    /// <summary>Snippets of one import.</summary>
    [Range(1, 10_000)]
    public int MaxImport { get; set; } = 200;

    /// <summary>How long a list stays in the cache when nothing is written.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Megabytes of lists that this process keeps beside Redis.</summary>
    [Range(1, 1024)]
    public int LocalCacheMegabytes { get; set; } = 16;
}
