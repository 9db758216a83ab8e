using Npgsql;

namespace Platform.Core.Artifacts;

/// <summary>The gate between all processes: an advisory lock of the database, which a process that dies gives back.</summary>
internal sealed class ArtifactGate(NpgsqlDataSource source) : IArtifactGate
{
    // One number of many; what counts is that nobody else uses it.
    private const long LockId = 0x61727469666163;
    private const string LockNotAvailable = "55P03";

    /// <inheritdoc />
    public async Task<IAsyncDisposable> EnterPublicationAsync(CancellationToken cancellationToken) =>
        await EnterAsync($"SELECT pg_advisory_lock_shared({LockId})", $"SELECT pg_advisory_unlock_shared({LockId})", cancellationToken);

    /// <inheritdoc />
    public async Task<IAsyncDisposable?> TryEnterCollectionAsync(CancellationToken cancellationToken)
    {
        try
        {
            // New publications queue behind the one that waits, so the wait is that of the running ones.
            return await EnterAsync($"SET lock_timeout = '20s'; SELECT pg_advisory_lock({LockId})", $"RESET lock_timeout; SELECT pg_advisory_unlock({LockId})", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == LockNotAvailable)
        {
            return null;
        }
    }

    private async Task<Holder> EnterAsync(string enter, string leave, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, enter, cancellationToken);
            return new Holder(connection, leave);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The statements are constants of this class.
#pragma warning disable CA2100
    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
#pragma warning restore CA2100

    private sealed class Holder(NpgsqlConnection connection, string leave) : IAsyncDisposable
    {
        private bool _left;

        public async ValueTask DisposeAsync()
        {
            if (_left) return;
            _left = true;
            try
            {
                await ExecuteAsync(connection, leave, CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // A broken connection has given the lock back already.
                NpgsqlConnection.ClearPool(connection);
            }

            await connection.DisposeAsync();
        }
    }
}
