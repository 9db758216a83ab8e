using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platform.AppHost.Local.Stores;
using Platform.Testing;

namespace Platform.AppHost.Tests.Hosts;

/// <summary>Starts the real PostgreSQL and Redis of this machine.</summary>
[Trait("Category", "Integration")]
public sealed class StoreTests : IDisposable
{
    // It tells the test what it was given in a file: the host masks passwords in everything that it prints.
    private const string Client = "client=printf '%s\\n%s\\n' \"$ConnectionStrings__platform\" \"$ConnectionStrings__redis\" > given; echo ready; exec sleep 1000";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        var stores = new FileInfo(_directory["stores"]).LinkTarget;
        if (stores is not null) Directory.Delete(stores, recursive: true);
        _directory.Dispose();
    }

    [Fact]
    public async Task The_stores_are_started_and_keep_data_ports_and_passwords()
    {
        string[] first;
        await using (var host = await StartAsync())
        {
            first = await GivenAsync();
            await ExecuteAsync(first[0], "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
            (await PingAsync(first[1])).ShouldBe("+PONG");
            host.Send("TERM");
            (await host.ExitCodeAsync()).ShouldBe(0);
        }

        File.Delete(_directory["given"]);
        await using (await StartAsync())
        {
            var second = await GivenAsync();
            second.ShouldBe(first);
            (await ExecuteAsync(second[0], "SELECT id FROM kept")).ShouldBe(42);
        }
    }

    [Fact]
    public async Task A_host_that_was_killed_starts_again_at_once()
    {
        await using (var host = await StartAsync())
        {
            var given = await GivenAsync();
            await ExecuteAsync(given[0], "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
            host.Send("KILL");
            await host.ExitCodeAsync();
        }

        File.Delete(_directory["given"]);
        await using (await StartAsync())
        {
            (await ExecuteAsync((await GivenAsync())[0], "SELECT id FROM kept")).ShouldBe(42);
        }
    }

    [Fact]
    public async Task A_store_that_is_killed_comes_back()
    {
        await using var host = await StartAsync();
        var given = await GivenAsync();
        var server = int.Parse(File.ReadLines(PostmasterFile()).First(), CultureInfo.InvariantCulture);

        using (var kill = Process.Start("kill", ["-s", "KILL", server.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();

        await host.LineAsync("starting it again in 1 s");
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return await ExecuteAsync(given[0], "SELECT 1") is 1;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task The_lock_file_of_a_dead_server_does_not_hinder_a_start()
    {
        await using (var host = await StartAsync())
        {
            host.Send("TERM");
            await host.ExitCodeAsync();
        }

        // The number of a process that lives and is no server of this data, as after a reboot.
        await File.WriteAllTextAsync(PostmasterFile(), $"{Environment.ProcessId}\n/elsewhere\n");
        await using var again = await StartAsync();

        (await ExecuteAsync((await GivenAsync())[0], "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task The_stores_are_private()
    {
        await using var host = await StartAsync();
        var given = await GivenAsync();
        var builder = new NpgsqlConnectionStringBuilder(given[0]);

        builder.Host.ShouldBe("127.0.0.1");
        host.Output.ShouldNotContain(builder.Password!);
        builder.Password = "wrong";
        await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(builder.ConnectionString, "SELECT 1"));
        (await PingAsync(given[1].Split(',')[0] + ",password=wrong")).ShouldStartWith("-");
        var listening = await ListeningAddressesAsync(builder.Port);
        listening.ShouldBe(["127.0.0.1"]);
        if (ServiceUser.IsRoot) (await OwnerOfAsync(int.Parse(File.ReadLines(PostmasterFile()).First(), CultureInfo.InvariantCulture))).ShouldNotBe("0");
    }

    private static async Task<string[]> ListeningAddressesAsync(int port)
    {
        // State 0A is "listening"; addresses are hexadecimal in the machine's byte order.
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var lines = (await File.ReadAllLinesAsync("/proc/net/tcp")).Concat(await File.ReadAllLinesAsync("/proc/net/tcp6"));
        return [.. lines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == "0A")
            .Select(fields => new System.Net.IPAddress(Convert.FromHexString(fields[1].Split(':')[0]).Reverse().ToArray()).ToString())];
    }

    private static async Task<string> OwnerOfAsync(int pid)
    {
        var line = (await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))).First(text => text.StartsWith("Uid:", StringComparison.Ordinal));
        return line.Split('\t')[1];
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string?> PingAsync(string connectionString)
    {
        var parts = connectionString.Split([':', ','], 3);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"AUTH {parts[2]["password=".Length..]}\r\nPING\r\n"));
        using var reader = new StreamReader(stream);
        var login = await reader.ReadLineAsync();
        return login == "+OK" ? await reader.ReadLineAsync() : login;
    }

    private string PostmasterFile() => Path.Combine(new FileInfo(_directory["stores"]).LinkTarget ?? _directory.Path, "postgres", "postmaster.pid");

    private async Task<HostProcess> StartAsync()
    {
        var host = HostProcess.Start(_directory.Path, "--stores", Client);
        await host.LineAsync("Everything is healthy");
        return host;
    }

    private async Task<string[]> GivenAsync() => await Eventually.ValueAsync(
        async () => File.Exists(_directory["given"]) ? await File.ReadAllLinesAsync(_directory["given"]) : [],
        lines => lines.Length == 2);
}
