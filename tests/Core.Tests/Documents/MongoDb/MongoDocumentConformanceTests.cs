using MongoDB.Driver;
using Platform.Core.Documents;
using Platform.Core.Documents.MongoDb;

namespace Platform.Core.Tests.Documents.MongoDb;

/// <summary>Needs a MongoDB server: <c>PLATFORM_TEST_MONGODB</c> is its connection string, with a database whose content does not matter.</summary>
public sealed class MongoDocumentConformanceTests : DocumentStoreConformance, IDisposable
{
    private static readonly MongoUrl Address = new(Environment.GetEnvironmentVariable("PLATFORM_TEST_MONGODB") ?? "mongodb://127.0.0.1:27017/platform_test");

    private readonly MongoClient _client = new(Address);

    protected override IDocumentStore Store => new MongoDocumentStore(_client.GetDatabase(Address.DatabaseName));

    public void Dispose() => _client.Dispose();
}
