using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Common.Http;

/// <summary>What requests may be and where they may come from.</summary>
internal sealed class RequestOptions
{
    public const string SectionName = "Requests";

    /// <summary>Largest request body in bytes.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of a refused body that are read and dropped, so that its sender sees the answer.</summary>
    [Range(0, 1024L * 1024 * 1024)]
    public long MaxDrainedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Lines about good answers in the log, at most; those beyond are counted and told in one line.</summary>
    [Range(0, 1_000_000)]
    public int LogLinesPerSecond { get; set; } = 200;
}

/// <summary>Where people meet the platform.</summary>
internal sealed class PublicUrlOptions
{
    public const string SectionName = "PublicUrls";

    /// <summary>Address of the single-page application (<c>FRONTEND_URL</c>); its origin may call the Api.</summary>
    public string? Frontend { get; set; }

    /// <summary>Address of the whole behind a gateway (<c>APP_URL</c>); its origin may call the Api.</summary>
    public string? App { get; set; }
}
