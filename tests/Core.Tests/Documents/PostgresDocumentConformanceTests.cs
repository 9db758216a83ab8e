using Npgsql;
using Platform.Core.Documents;
using Platform.Core.Documents.Postgres;
using Platform.Testing;

namespace Platform.Core.Tests.Documents;

public sealed class PostgresDocumentConformanceTests(PostgresFixture postgres) : DocumentStoreConformance, IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(postgres.ConnectionString);

    protected override IDocumentStore Store => new PostgresDocumentStore(_database);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_owners_page_is_read_from_the_index()
    {
        var notes = Store.GetCollection(Note.Collection);
        var owner = Guid.NewGuid();
        await notes.InsertAsync(new Note { OwnerId = owner, Title = "a" }, CancellationToken.None);
        var query = new DocumentQuery<Note>().Equal(note => note.OwnerId, owner).OrderBy(note => note.Title);

        await using var select = PostgresDocumentSql.Select(Note.Collection.Name, query).Command(_database);
        await using var connection = await _database.OpenConnectionAsync();
        await ExecuteAsync(connection, "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off");
        await using var explain = new NpgsqlCommand($"EXPLAIN {select.CommandText}", connection);
        foreach (NpgsqlParameter parameter in select.Parameters) explain.Parameters.Add(parameter.Clone());

        var plan = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
        }

        plan.ShouldContain(line => line.Contains("Index Scan using ix_documents_"));
        plan.ShouldNotContain(line => line.Contains("Sort"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
