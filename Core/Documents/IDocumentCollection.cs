namespace Platform.Core.Documents;

/// <summary>Documents of one kind. Every call can throw <see cref="DocumentStoreException"/>.</summary>
public interface IDocumentCollection<T>
    where T : Document
{
    /// <summary>Stores a new document.</summary>
    /// <returns>The document as it is stored, with version 1.</returns>
    /// <exception cref="DocumentStoreException"><see cref="DocumentStoreError.Duplicate"/>: its id, or what a unique index covers, exists.</exception>
    Task<T> InsertAsync(T document, CancellationToken cancellationToken);

    /// <summary>The document of that id, or null.</summary>
    Task<T?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Stores a document in the place of the one with its id, provided that one still has the version the given one was read with.</summary>
    /// <returns>The document as it is stored, with the next version.</returns>
    /// <exception cref="DocumentStoreException"><see cref="DocumentStoreError.VersionMismatch"/>: it was changed meanwhile.
    /// <see cref="DocumentStoreError.NotFound"/>: it is gone. <see cref="DocumentStoreError.Duplicate"/>: a unique index forbids it.</exception>
    Task<T> ReplaceAsync(T document, CancellationToken cancellationToken);

    /// <summary>Deletes a document.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="expectedVersion">Null: whatever its version is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="DocumentStoreException"><see cref="DocumentStoreError.VersionMismatch"/>: it was changed meanwhile.</exception>
    Task<bool> DeleteAsync(Guid id, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>Deletes all documents that fulfil the query's conditions; its order and page do not matter.</summary>
    /// <returns>How many there were.</returns>
    Task<long> DeleteManyAsync(DocumentQuery<T> query, CancellationToken cancellationToken);

    /// <summary>A page of the documents that fulfil the query's conditions.</summary>
    Task<DocumentPage<T>> QueryAsync(DocumentQuery<T> query, CancellationToken cancellationToken);

    /// <summary>How many documents fulfil the query's conditions, whatever its page.</summary>
    Task<long> CountAsync(DocumentQuery<T> query, CancellationToken cancellationToken);
}
