using Npgsql;

namespace Platform.Core.Documents.Postgres;

/// <summary>Documents as <c>jsonb</c> in PostgreSQL, 15 and newer with ICU.</summary>
internal sealed class PostgresDocumentStore(NpgsqlDataSource database) : IDocumentStore
{
    public IDocumentCollection<T> GetCollection<T>(DocumentCollection<T> definition)
        where T : Document => new PostgresDocumentCollection<T>(database, definition);
}
