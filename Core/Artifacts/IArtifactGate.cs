namespace Platform.Core.Artifacts;

/// <summary>
/// Keeps publications and the collection of garbage apart: content that a publication finds already stored must not be removed in the moment
/// between being looked at and being made young again.
/// </summary>
public interface IArtifactGate
{
    /// <summary>Held while files are put; any number at once.</summary>
    Task<IAsyncDisposable> EnterPublicationAsync(CancellationToken cancellationToken);

    /// <summary>Held while content is removed; alone. Null when publications go on for longer than one should wait.</summary>
    Task<IAsyncDisposable?> TryEnterCollectionAsync(CancellationToken cancellationToken);
}

/// <summary>References to stored content: what one of them names is never removed.</summary>
public interface IArtifactReferences
{
    /// <summary>SHA-256 hashes, repeated or not.</summary>
    IAsyncEnumerable<string> ReadAsync(CancellationToken cancellationToken);
}
