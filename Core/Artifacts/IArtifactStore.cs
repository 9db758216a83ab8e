namespace Platform.Core.Artifacts;

/// <summary>Content-addressed store of published files. What is put once never changes.</summary>
public interface IArtifactStore
{
    /// <summary>
    /// Stores content under its SHA-256. Storing the same bytes again writes nothing, but makes the content young again, so that a collection
    /// that runs at the same time leaves it alone.
    /// </summary>
    /// <returns>Lower-case hexadecimal SHA-256 of the content.</returns>
    Task<string> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Stores content under a key that is derived from other content (a compressed variant: <c>&lt;sha256&gt;.br</c>).</summary>
    Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Size and age of content, or null when there is none.</summary>
    Task<ArtifactInfo?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens content from an offset on, or null when there is none. The stream need not be able to seek.</summary>
    Task<Stream?> OpenAsync(string key, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>Everything that is stored, in no particular order.</summary>
    IAsyncEnumerable<ArtifactInfo> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes content that was last put before a moment; content that has become young meanwhile, or is not there, stays as it is.</summary>
    /// <returns>True when it was removed.</returns>
    Task<bool> DeleteAsync(string key, DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>One stored content.</summary>
/// <param name="Key">SHA-256, with the encoding for a derived one.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastPut">When it was last put.</param>
public readonly record struct ArtifactInfo(string Key, long Size, DateTimeOffset LastPut);
