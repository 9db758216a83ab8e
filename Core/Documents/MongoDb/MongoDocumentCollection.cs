using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.Core.Documents.MongoDb;

/// <summary>One collection: <c>{ _id, version, data }</c>.</summary>
internal sealed class MongoDocumentCollection<T>(IMongoDatabase database, DocumentCollection<T> definition) : IDocumentCollection<T>
    where T : Document
{
    private readonly IMongoCollection<BsonDocument> _collection = database.GetCollection<BsonDocument>(definition.Name);

    public Task<T> InsertAsync(T document, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await _collection.InsertOneAsync(MongoDocumentBson.Write(document, 1), null, cancellationToken);
            return DocumentJson.Versioned(document, 1);
        },
        cancellationToken);

    public Task<T?> FindAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            var found = await _collection.Find(MongoDocumentQuery.ById(id)).Limit(1).ToListAsync(cancellationToken);
            return found.Count == 0 ? null : MongoDocumentBson.Read<T>(found[0]);
        },
        cancellationToken);

    public Task<T> ReplaceAsync(T document, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            var replacement = MongoDocumentBson.Write(document, document.Version + 1);
            var result = await _collection.ReplaceOneAsync(
                MongoDocumentQuery.ById(document.Id, document.Version),
                replacement,
                (ReplaceOptions?)null,
                cancellationToken);
            if (result.MatchedCount == 1) return DocumentJson.Versioned(document, document.Version + 1);
            throw await MismatchAsync(document.Id, cancellationToken)
                ?? new DocumentStoreException(DocumentStoreError.NotFound, $"There is no document {document.Id} in '{definition.Name}'.");
        },
        cancellationToken);

    public Task<bool> DeleteAsync(Guid id, long? expectedVersion, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            var result = await _collection.DeleteOneAsync(MongoDocumentQuery.ById(id, expectedVersion), cancellationToken);
            if (result.DeletedCount == 1) return true;
            return expectedVersion is not null && await MismatchAsync(id, cancellationToken) is { } mismatch ? throw mismatch : false;
        },
        cancellationToken);

    public Task<long> DeleteManyAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync(async () => (await _collection.DeleteManyAsync(MongoDocumentQuery.Filter(query.Conditions), cancellationToken)).DeletedCount, cancellationToken);
    }

    public Task<DocumentPage<T>> QueryAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync(
            async () =>
            {
                // One more than a page tells whether there is a next.
                var found = await _collection
                    .Find(MongoDocumentQuery.Filter(query))
                    .Sort(MongoDocumentQuery.Sort(query.Sort))
                    .Skip(query.Offset)
                    .Limit(query.Limit + 1)
                    .ToListAsync(cancellationToken);
                var items = found.Take(query.Limit).Select(MongoDocumentBson.Read<T>).ToList();
                var next = found.Count > query.Limit ? DocumentCursor.Of(items[^1], query.Sort.Field, DocumentJson.Write(items[^1])).Encode() : null;
                return new DocumentPage<T>(items, next);
            },
            cancellationToken);
    }

    public Task<long> CountAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync(() => _collection.CountDocumentsAsync(MongoDocumentQuery.Filter(query.Conditions), null, cancellationToken), cancellationToken);
    }

    /// <summary>Why a document could not be changed: its version, or null when it is not there.</summary>
    private async Task<DocumentStoreException?> MismatchAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await _collection.Find(MongoDocumentQuery.ById(id)).Limit(1).ToListAsync(cancellationToken);
        return found.Count == 0
            ? null
            : new DocumentStoreException(DocumentStoreError.VersionMismatch, $"The document {id} in '{definition.Name}' has version {MongoDocumentBson.Version(found[0])} now.");
    }

    private async Task<TResult> RunAsync<TResult>(Func<Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            await MongoDocumentIndexes.EnsureAsync(_collection, definition, cancellationToken);
            return await call();
        }
        catch (MongoWriteException exception) when (exception.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new DocumentStoreException(DocumentStoreError.Duplicate, $"Such a document exists in '{definition.Name}' already.", exception);
        }
        catch (Exception exception) when (exception is MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException or TimeoutException)
        {
            throw new DocumentStoreException(DocumentStoreError.Unavailable, "The document store does not answer.", exception);
        }
        catch (MongoException exception)
        {
            throw new DocumentStoreException(DocumentStoreError.Failed, exception.Message, exception);
        }
    }
}
