using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Platform.Core.Documents.MongoDb;

namespace Platform.Core.Documents;

/// <summary>The adapter over a client package: MongoDB.Driver.</summary>
internal static class PackagedDocumentStore
{
    public static readonly string? Name = "mongodb";

    public static IDocumentStore Create(IServiceProvider services) => new MongoDocumentStore(services.GetRequiredService<IMongoDatabase>());
}
