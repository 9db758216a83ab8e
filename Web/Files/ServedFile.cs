using Microsoft.Extensions.Primitives;

namespace Platform.Web.Files;

/// <summary>Opens content, or its variant in an encoding, from an offset on; null when the bytes are gone.</summary>
internal delegate Task<Stream?> OpenContent(string? encoding, long offset, CancellationToken cancellationToken);

/// <summary>One file that can be answered with: what its headers say and where its bytes are. Made once, answered with many times.</summary>
internal sealed class ServedFile
{
    /// <param name="tag">Names the content: its hash.</param>
    /// <param name="length">Bytes, uncompressed.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="cacheControl">How long browsers keep it.</param>
    /// <param name="variants">Precompressed variants, <c>br</c> and <c>gz</c>, with their sizes.</param>
    /// <param name="open">Where the bytes are.</param>
    public ServedFile(string tag, long length, string contentType, string cacheControl, IReadOnlyDictionary<string, long> variants, OpenContent open)
    {
        (ContentType, CacheControl) = (contentType, cacheControl);
        Plain = new Representation(tag, null, null, length, open);
        if (variants.TryGetValue("br", out var brotli)) Brotli = new Representation(tag, "br", "br", brotli, open);
        if (variants.TryGetValue("gz", out var gzip)) Gzip = new Representation(tag, "gz", "gzip", gzip, open);
    }

    public string ContentType { get; }

    public string CacheControl { get; }

    public Representation Plain { get; }

    public Representation? Brotli { get; }

    public Representation? Gzip { get; }

    /// <summary>What is sent depends on what the client accepts.</summary>
    public bool Varies => Brotli is not null || Gzip is not null;

    /// <summary>The representation that the client likes best.</summary>
    public Representation Select(StringValues acceptEncoding)
    {
        if (!Varies || acceptEncoding.Count == 0) return Plain;
        var accepted = AcceptedCodings.Of(acceptEncoding);
        var (best, quality) = (Plain, accepted.Identity);
        // Of what is liked equally, the smaller is sent.
        if (Gzip is not null && accepted.Gzip > 0 && accepted.Gzip >= quality) (best, quality) = (Gzip, accepted.Gzip);
        if (Brotli is not null && accepted.Brotli > 0 && accepted.Brotli >= quality) best = Brotli;
        return best;
    }
}

/// <summary>The bytes of a file in one encoding.</summary>
internal sealed class Representation(string tag, string? encoding, string? coding, long length, OpenContent open)
{
    /// <summary>A strong validator: each encoding has other bytes and so another one.</summary>
    public string ETag { get; } = encoding is null ? $"\"{tag}\"" : $"\"{tag}-{encoding}\"";

    /// <summary>For the Content-Encoding header.</summary>
    public string? Coding => coding;

    public long Length => length;

    /// <summary>The bytes, while the cache has room for them.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Asked for since the cache looked last.</summary>
    public bool IsRecent { get; set; }

    public Task<Stream?> OpenAsync(long offset, CancellationToken cancellationToken) => open(encoding, offset, cancellationToken);
}

internal static class CacheControls
{
    /// <summary>The name carries a hash of the content.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Kept, but asked for every time: an unchanged file answers 304.</summary>
    public const string Revalidate = "public, max-age=0, must-revalidate";

    /// <summary>Behind a password: for the visitor alone.</summary>
    public const string Private = "private, max-age=0, must-revalidate";
}
