namespace Platform.Web.Files;

/// <summary>One file that can be answered with: what its headers say and where its bytes are.</summary>
/// <param name="Tag">Strong validator of the content, without quotes.</param>
/// <param name="Length">Bytes, uncompressed.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="CacheControl">How long browsers keep it.</param>
/// <param name="Encodings">Precompressed variants, <c>br</c> and <c>gz</c>, with their sizes.</param>
/// <param name="OpenAsync">Opens the content, or the named variant; null when the bytes are gone.</param>
internal sealed record ServedFile(
    string Tag,
    long Length,
    string ContentType,
    string CacheControl,
    IReadOnlyDictionary<string, long> Encodings,
    Func<string?, CancellationToken, Task<Stream?>> OpenAsync);

internal static class CacheControls
{
    /// <summary>The name carries a hash of the content.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Kept, but asked for every time: an unchanged file answers 304.</summary>
    public const string Revalidate = "public, max-age=0, must-revalidate";
}
