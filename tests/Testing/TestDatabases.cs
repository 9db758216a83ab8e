using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Data.Migrations;

namespace Platform.Testing;

/// <summary>
/// Throw-away databases on the test server. Each test process holds an advisory lock of its own while it lives, so that the next one can
/// tell which databases a crash left behind, and drops those.
/// </summary>
public static class TestDatabases
{
    private const string Prefix = "platform_test_";

    // First half of the two-part advisory lock; the second is the run.
    private const int LockClass = 0x74657374;

    private static readonly int Run = RandomNumberGenerator.GetInt32(1, int.MaxValue);
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);
    private static int _count;

    // Held open until the process ends: the lock lives in it.
    private static NpgsqlConnection? _owner;

    /// <summary>A new database with the current schema; returns its name.</summary>
    public static async Task<string> CreateMigratedAsync()
    {
        var template = await Template.Value;
        var name = NextName();
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    /// <summary>A new database with nothing in it; returns its name.</summary>
    public static async Task<string> CreateEmptyAsync()
    {
        await Template.Value;
        var name = NextName();
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    public static async Task DropAsync(string name)
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString(name))) NpgsqlConnection.ClearPool(pooled);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    /// <summary>Who waits for one of the few connections, or for a lock, does so for long: a machine may stand still for a while.</summary>
    public static string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(TestEnvironment.Postgres)
    {
        Database = database,
        IncludeErrorDetail = true,
        MaxPoolSize = 20,
        Timeout = 90,
        CommandTimeout = 90,
    }.ConnectionString;

    public static PlatformDbContext CreateContext(string connectionString)
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>();
        options.UseNpgsql(connectionString).UsePlatformModel();
        return new PlatformDbContext(options.Options);
    }

    private static string NextName()
        => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Run}_{Interlocked.Increment(ref _count)}");

    private static async Task<string> CreateTemplateAsync()
    {
        _owner = new NpgsqlConnection(Unpooled(TestEnvironment.Postgres));
        await _owner.OpenAsync();
        await ScalarAsync(_owner, $"SELECT pg_advisory_lock({LockClass}, {Run})");
        await DropLeftoversAsync(_owner);

        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Run}_template");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        // Unpooled: a database with connections cannot be a template.
        await using var context = CreateContext(Unpooled(ConnectionString(name)));
        await new DatabaseMigrator(context, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
        return name;
    }

    private static async Task DropLeftoversAsync(NpgsqlConnection connection)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand($"SELECT datname FROM pg_database WHERE datname LIKE '{Prefix}%'", connection))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        }

        foreach (var group in names.GroupBy(name => name.Split('_')[2]))
        {
            if (!int.TryParse(group.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var run) || run == Run) continue;
            if (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({LockClass}, {run})") is not true) continue;
            foreach (var name in group) await ScalarAsync(connection, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            await ScalarAsync(connection, $"SELECT pg_advisory_unlock({LockClass}, {run})");
        }
    }

    private static string Unpooled(string connectionString)
        => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(TestEnvironment.Postgres);
        await connection.OpenAsync();
        await ScalarAsync(connection, sql);
    }

    // Names are made of a constant and numbers; identifiers cannot be parameters.
#pragma warning disable CA2100
    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
#pragma warning restore CA2100
}
