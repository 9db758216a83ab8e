namespace Platform.Core.Artifacts;

/// <summary>Content-addressed store of published files. What is put once never changes.</summary>
public interface IArtifactStore
{
    /// <summary>Stores content under its SHA-256; storing the same bytes again costs nothing more.</summary>
    /// <returns>Lower-case hexadecimal SHA-256 of the content.</returns>
    Task<string> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Stores content under a key that is derived from other content (a compressed variant: <c>&lt;sha256&gt;.br</c>).</summary>
    Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens content, or null when there is none. The stream can seek and knows its length.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes content; nothing happens when there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
