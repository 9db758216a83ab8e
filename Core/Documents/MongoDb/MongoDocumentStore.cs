using MongoDB.Driver;

namespace Platform.Core.Documents.MongoDb;

/// <summary>Documents in MongoDB, one of its collections for each of ours.</summary>
internal sealed class MongoDocumentStore(IMongoDatabase database) : IDocumentStore
{
    public IDocumentCollection<T> GetCollection<T>(DocumentCollection<T> definition)
        where T : Document => new MongoDocumentCollection<T>(database, definition);
}
