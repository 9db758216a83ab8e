using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Core.Data.Migrations;

/// <summary>
/// Applies the migrations: one instance at a time by an advisory lock, after waiting for a server that is still starting.
/// The database is created when it does not exist.
/// </summary>
public sealed partial class DatabaseMigrator(PlatformDbContext database, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    /// <summary>How long a server may take to accept connections.</summary>
    public static readonly TimeSpan StartupTimeout = TimeSpan.FromSeconds(90);

    // Any number that nothing else in this database locks: "autostck" as bytes.
    private const long AdvisoryLock = 0x6175746F7374636B;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    private static readonly ActivitySource Activities = new("Platform.Core.Data");

    /// <summary>Brings the database to the current schema; does nothing when it is there already.</summary>
    /// <exception cref="TimeoutException">The server did not accept connections within <see cref="StartupTimeout"/>.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        using var activity = Activities.StartActivity("migrate database");
        await using var connection = await ConnectAsync(cancellationToken);
        // A session lock: it outlives no crash, and it is held while EF works on its own connection.
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(@key)", cancellationToken);
        try
        {
            var pending = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            activity?.SetTag("platform.migrations.pending", pending.Count);
            if (pending.Count == 0)
            {
                Log.UpToDate(logger);
                return;
            }

            await database.Database.MigrateAsync(cancellationToken);
            Log.Applied(logger, pending.Count, pending[^1]);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            await ExecuteAsync(connection, "SELECT pg_advisory_unlock(@key)", CancellationToken.None);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connectionString = database.Database.GetConnectionString()
            ?? throw new InvalidOperationException("The database context has no connection string.");
        // Not pooled: with it the lock ends when the connection does.
        var options = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        var started = time.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(options.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await connection.DisposeAsync();
                await CreateDatabaseAsync(options.Database, cancellationToken);
            }
            catch (NpgsqlException exception) when (IsStarting(exception))
            {
                await connection.DisposeAsync();
                if (time.GetElapsedTime(started) > StartupTimeout)
                    throw new TimeoutException($"PostgreSQL at {options.Host}:{options.Port} did not accept connections within {StartupTimeout}.", exception);
                Log.Waiting(logger, options.Host, options.Port, exception.Message);
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
        }
    }

    private async Task CreateDatabaseAsync(string? name, CancellationToken cancellationToken)
    {
        try
        {
            await database.Database.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
            Log.Created(logger, name);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another instance was faster, which is as good.
            Log.CreatedElsewhere(logger, name);
        }
    }

    private static bool IsStarting(NpgsqlException exception)
        => exception is PostgresException postgres
            ? postgres.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            : exception.InnerException is SocketException or IOException or TimeoutException;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("key", AdvisoryLock);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The database schema is up to date")]
        public static partial void UpToDate(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Applied {Count} migrations, the last one is {Migration}")]
        public static partial void Applied(ILogger logger, int count, string migration);

        [LoggerMessage(3, LogLevel.Information, "Waiting for PostgreSQL at {Host}:{Port}: {Reason}")]
        public static partial void Waiting(ILogger logger, string? host, int port, string reason);

        [LoggerMessage(4, LogLevel.Information, "Created the database {Name}")]
        public static partial void Created(ILogger logger, string? name);

        [LoggerMessage(5, LogLevel.Information, "The database {Name} was created by another instance")]
        public static partial void CreatedElsewhere(ILogger logger, string? name);
    }
}
