namespace Platform.Core.Artifacts;

/// <summary>What one deployment published: every file by its path. Immutable; stored as JSON with the deployment.</summary>
/// <param name="Files">Path with forward slashes and without a leading one (<c>assets/app.js</c>) → file.</param>
/// <param name="SpaFallback">Unknown paths answer 200 with <c>index.html</c>.</param>
public sealed record SiteManifest(IReadOnlyDictionary<string, SiteFile> Files, bool SpaFallback)
{
    /// <summary>The published size: sum of the files, uncompressed, in bytes.</summary>
    public long TotalBytes => Files.Values.Sum(file => file.Size);
}

/// <summary>One published file.</summary>
/// <param name="Sha256">Lower-case hexadecimal hash: the key in the artifact store and the entity tag.</param>
/// <param name="Size">Bytes, uncompressed.</param>
/// <param name="ContentType">Media type with charset.</param>
/// <param name="Encodings">Precompressed variants in the store, <c>br</c> and <c>gz</c>, under <c>&lt;sha256&gt;.&lt;encoding&gt;</c> → size in bytes.</param>
public sealed record SiteFile(string Sha256, long Size, string ContentType, IReadOnlyDictionary<string, long> Encodings);
