using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Data.Migrations;
using StackExchange.Redis;

namespace Platform.Testing;

/// <summary>A PostgreSQL and a Redis of a test's own, to be killed and started again.</summary>
public sealed class PrivateStores : IAsyncDisposable
{
    // Within the range that the next run of the tests tidies up after a crash, and below the ports of outgoing connections.
    private const int FirstPort = 25560;
    private const int LastPort = 25598;
    private static readonly string Script = Path.Combine(RepositoryPaths.Root, "eng/platform/stores.sh");
    private readonly int _port = FreePair();
    private string _server = "";

    /// <summary>Connection string of a migrated database.</summary>
    public string Postgres { get; private set; } = "";

    /// <summary>Connection string of the whole server.</summary>
    public string Redis { get; private set; } = "";

    public static async Task<PrivateStores> StartAsync()
    {
        var stores = new PrivateStores();
        try
        {
            await stores.StartAgainAsync();
            await using (var connection = new NpgsqlConnection(stores._server))
            {
                await connection.OpenAsync();
                // What was committed survives the server's death, as in an installation and unlike in other tests.
                foreach (var statement in new[] { "CREATE DATABASE platform", "ALTER DATABASE platform SET synchronous_commit = on" })
                {
                    await using var command = connection.CreateCommand();
                    command.CommandText = statement;
                    await command.ExecuteNonQueryAsync();
                }
            }

            await using var context = stores.CreateContext();
            await new DatabaseMigrator(context, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance).MigrateAsync(CancellationToken.None);
            return stores;
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }
    }

    public PlatformDbContext CreateContext() => TestDatabases.CreateContext(Postgres);

    /// <summary>Starts what does not run, on the data that is there.</summary>
    public async Task StartAgainAsync()
    {
        foreach (var line in (await RunAsync("test-up")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Replace("\\", "", StringComparison.Ordinal);
            if (line.StartsWith("export PLATFORM_TEST_POSTGRES=", StringComparison.Ordinal)) _server = value;
            if (line.StartsWith("export PLATFORM_TEST_REDIS=", StringComparison.Ordinal)) Redis = $"{value},abortConnect=false";
        }

        Postgres = new NpgsqlConnectionStringBuilder(_server) { Database = "platform", IncludeErrorDetail = true, MaxPoolSize = 40 }.ConnectionString;
    }

    /// <summary>SIGKILL of the server: all connections break, and it recovers when it starts again.</summary>
    public async Task KillPostgresAsync()
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SHOW data_directory", connection);
        var directory = (string)(await command.ExecuteScalarAsync())!;
        Kill((await File.ReadAllLinesAsync(Path.Combine(directory, "postmaster.pid")))[0]);
        await Eventually.TrueAsync(() => !IsOpen(_port));
    }

    /// <summary>SIGKILL: it had nothing on disk, and all that it held is gone.</summary>
    public async Task KillRedisAsync()
    {
        var redis = await ConnectionMultiplexer.ConnectAsync($"{Redis},allowAdmin=true");
        var facts = await redis.GetServer(redis.GetEndPoints()[0]).InfoAsync("server");
        var id = facts.SelectMany(group => group).Single(fact => fact.Key == "process_id").Value;
        await redis.CloseAsync();
        redis.Dispose();
        Kill(id);
        await Eventually.TrueAsync(() => !IsOpen(_port + 1));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync("test-down");
    }

    private static void Kill(string id)
    {
        using var process = Process.GetProcessById(int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture));
        process.Kill();
    }

    private static int FreePair()
    {
        var pairs = (LastPort - FirstPort) / 2;
        // Not the first free one: another test may be about to take it.
        var first = Random.Shared.Next(pairs);
        return Enumerable.Range(first, pairs).Select(number => FirstPort + (number % pairs * 2)).First(port => FreePorts.IsFree(port) && FreePorts.IsFree(port + 1));
    }

    private static bool IsOpen(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);

    private async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo(Script, [command]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["TEST_POSTGRES_PORT"] = _port.ToString(CultureInfo.InvariantCulture);
        start.Environment["TEST_REDIS_PORT"] = (_port + 1).ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        // The servers that it starts inherit the pipes: their end is not waited for.
        var output = new List<string>();
        var errors = new List<string>();
        process.OutputDataReceived += (_, line) => Add(output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => process.HasExited, TimeSpan.FromMinutes(2));
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Script} {command} failed: {Text(errors)}");
        if (command == "test-up") await Eventually.TrueAsync(() => Text(output).Contains("PLATFORM_TEST_REDIS", StringComparison.Ordinal));
        return Text(output);

        static void Add(List<string> lines, string? line)
        {
            lock (lines) lines.Add(line ?? "");
        }

        static string Text(List<string> lines)
        {
            lock (lines) return string.Join('\n', lines);
        }
    }
}
