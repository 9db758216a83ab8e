using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.Core.Documents.MongoDb;

/// <summary>Makes the indexes of collections: once for a process and client. Making one that exists changes nothing.</summary>
internal static class MongoDocumentIndexes
{
    private static readonly ConditionalWeakTable<IMongoDatabase, ConcurrentDictionary<string, bool>> Made = [];

    public static async ValueTask EnsureAsync<T>(IMongoCollection<BsonDocument> collection, DocumentCollection<T> definition, CancellationToken cancellationToken)
        where T : Document
    {
        var made = Made.GetOrCreateValue(collection.Database);
        var missing = definition.Indexes.Where(index => !made.ContainsKey(Name(definition.Name, index))).ToList();
        if (missing.Count == 0) return;

        await collection.Indexes.CreateManyAsync(missing.Select(index => Model(definition.Name, index)), cancellationToken);
        foreach (var index in missing) made[Name(definition.Name, index)] = true;
    }

    private static CreateIndexModel<BsonDocument> Model(string collection, DocumentIndex index)
    {
        var paths = index.Fields.Select(MongoDocumentBson.Path).ToList();
        var keys = new BsonDocument(paths.Select(path => new BsonElement(path, new BsonInt32(1))));
        var options = new CreateIndexOptions<BsonDocument> { Name = Name(collection, index), Unique = index.IsUnique };
        if (index.IsUnique)
        {
            // Null is not stored: a document without one of the values is not in the index, and so can repeat.
            options.PartialFilterExpression = new BsonDocument(paths.Select(path => new BsonElement(path, new BsonDocument("$exists", BsonBoolean.True))));
        }
        else
        {
            // The id makes the order total, and a page is read from the index alone.
            keys.Add("_id", new BsonInt32(1));
        }

        return new CreateIndexModel<BsonDocument>(keys, options);
    }

    private static string Name(string collection, DocumentIndex index)
    {
        var text = $"{collection}:{index.IsUnique}:{string.Join(',', index.Fields.Select(field => field.Path))}";
        return $"ix_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}";
    }
}
