using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.Core.Documents.Postgres;

/// <summary>Makes the indexes of collections: once for a process and database, and only those that are missing.</summary>
internal static class PostgresDocumentIndexes
{
    // Any number that nothing else in this database locks: "document" as bytes.
    private const long AdvisoryLock = 0x646F63756D656E74;

    private static readonly ConditionalWeakTable<NpgsqlDataSource, ConcurrentDictionary<string, bool>> Made = [];

    public static async ValueTask EnsureAsync<T>(NpgsqlDataSource database, DocumentCollection<T> definition, CancellationToken cancellationToken)
        where T : Document
    {
        var made = Made.GetOrCreateValue(database);
        var missing = definition.Indexes.Select(index => Statement(definition.Name, index)).Where(statement => !made.ContainsKey(statement)).ToList();
        if (missing.Count == 0) return;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // IF NOT EXISTS alone fails when two sessions make the same index at the same moment.
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        foreach (var statement in missing) await ExecuteAsync(connection, statement, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var statement in missing) made[statement] = true;
    }

    private static string Statement(string collection, DocumentIndex index)
    {
        var expressions = string.Join(", ", index.Fields.Select(field => $"{PostgresDocumentSql.Expression(field)} NULLS FIRST"));
        // The id makes the order total, and a page is read from the index alone.
        var columns = index.IsUnique ? expressions : expressions + ", id";
        var definition = $"documents ({columns}) WHERE collection = '{collection}'";
        var name = $"ix_documents_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition)))[..16]}";
        return $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX IF NOT EXISTS {name} ON {definition}";
    }

    // Made of field names and a collection's name, which consist of letters, digits and underscores.
#pragma warning disable CA2100
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
#pragma warning restore CA2100
}
