using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Platform.Core.Documents.Postgres;

/// <summary>One collection in the table <c>documents</c>.</summary>
internal sealed class PostgresDocumentCollection<T>(NpgsqlDataSource database, DocumentCollection<T> definition) : IDocumentCollection<T>
    where T : Document
{
    public Task<T> InsertAsync(T document, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = Command("INSERT INTO documents (collection, id, version, data) VALUES ($1, $2, 1, $3)", document.Id);
            command.Parameters.Add(Json(document));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return DocumentJson.Versioned(document, 1);
        },
        cancellationToken);

    public Task<T?> FindAsync(Guid id, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = Command("SELECT version, data FROM documents WHERE collection = $1 AND id = $2", id);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? DocumentJson.Read<T>(reader.GetString(1), reader.GetInt64(0)) : null;
        },
        cancellationToken);

    public Task<T> ReplaceAsync(T document, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = Command("UPDATE documents SET data = $3, version = version + 1 WHERE collection = $1 AND id = $2 AND version = $4", document.Id);
            command.Parameters.Add(Json(document));
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = document.Version });
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return DocumentJson.Versioned(document, document.Version + 1);
            throw await MismatchAsync(document.Id, cancellationToken)
                ?? new DocumentStoreException(DocumentStoreError.NotFound, $"There is no document {document.Id} in '{definition.Name}'.");
        },
        cancellationToken);

    public Task<bool> DeleteAsync(Guid id, long? expectedVersion, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await using var command = Command("DELETE FROM documents WHERE collection = $1 AND id = $2 AND version = coalesce($3, version)", id);
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = expectedVersion ?? (object)DBNull.Value });
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return true;
            return expectedVersion is not null && await MismatchAsync(id, cancellationToken) is { } mismatch ? throw mismatch : false;
        },
        cancellationToken);

    public Task<long> DeleteManyAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync<long>(
            async () =>
            {
                await using var command = PostgresDocumentSql.Matching("DELETE", definition.Name, query).Command(database);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    public Task<DocumentPage<T>> QueryAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync(
            async () =>
            {
                await using var command = PostgresDocumentSql.Select(definition.Name, query).Command(database);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await PageAsync(reader, query, cancellationToken);
            },
            cancellationToken);
    }

    public Task<long> CountAsync(DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        definition.Check(query);
        return RunAsync(
            async () =>
            {
                await using var command = PostgresDocumentSql.Matching("SELECT count(*)", definition.Name, query).Command(database);
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
    }

    private static async Task<DocumentPage<T>> PageAsync(DbDataReader reader, DocumentQuery<T> query, CancellationToken cancellationToken)
    {
        var items = new List<T>(query.Limit);
        string? next = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (items.Count == query.Limit)
            {
                next = DocumentCursor.Of(items[^1], query.Sort.Field, DocumentJson.Write(items[^1])).Encode();
                break;
            }

            items.Add(DocumentJson.Read<T>(reader.GetString(1), reader.GetInt64(0)));
        }

        return new DocumentPage<T>(items, next);
    }

    private static NpgsqlParameter Json(T document) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = DocumentJson.Write(document).GetRawText() };

    private NpgsqlCommand Command(string sql, Guid id)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = definition.Name });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return command;
    }

    /// <summary>Why a document could not be changed: its version, or null when it is not there.</summary>
    private async Task<DocumentStoreException?> MismatchAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT version FROM documents WHERE collection = $1 AND id = $2", id);
        return await command.ExecuteScalarAsync(cancellationToken) is long version
            ? new DocumentStoreException(DocumentStoreError.VersionMismatch, $"The document {id} in '{definition.Name}' has version {version} now.")
            : null;
    }

    private async Task<TResult> RunAsync<TResult>(Func<Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            await PostgresDocumentIndexes.EnsureAsync(database, definition, cancellationToken);
            return await call();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new DocumentStoreException(DocumentStoreError.Duplicate, $"Such a document exists in '{definition.Name}' already.", exception);
        }
        catch (PostgresException exception)
        {
            var error = exception.IsTransient ? DocumentStoreError.Unavailable : DocumentStoreError.Failed;
            throw new DocumentStoreException(error, exception.MessageText, exception);
        }
        catch (NpgsqlException exception)
        {
            throw new DocumentStoreException(DocumentStoreError.Unavailable, "The document store does not answer.", exception);
        }
        catch (SocketException exception)
        {
            throw new DocumentStoreException(DocumentStoreError.Unavailable, "The document store does not answer.", exception);
        }
        catch (JsonException exception)
        {
            throw new DocumentStoreException(DocumentStoreError.Failed, $"A document of '{definition.Name}' is not understood.", exception);
        }
    }
}
