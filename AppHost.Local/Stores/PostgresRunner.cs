using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Npgsql;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Orchestration;
using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Local.Stores;

/// <summary>Runs PostgreSQL as a local process: its own account, loopback only, data kept.</summary>
internal sealed class PostgresRunner(PostgresServerResource server, string stores, LogBuffer log, TimeProvider time) : ResourceRunner(server)
{
    private static readonly TimeSpan PredecessorGrace = TimeSpan.FromSeconds(20);
    private readonly string? _user = ServiceUser.Choose("postgres");
    private bool _databasesExist;

    private string Data => Path.Combine(stores, server.Name);

    public override void Preflight()
    {
        _ = PostgresInstallation.Find(Data).Server;
        _ = Programs.Find("setsid");
        if (_user is not null) _ = Programs.Find("setpriv");
    }

    public override async Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        _databasesExist = false;
        var installation = PostgresInstallation.Find(Data);
        if (!File.Exists(Path.Combine(Data, "PG_VERSION"))) await InitialiseAsync(installation, cancellationToken);
        await EndPredecessorAsync(cancellationToken);
        return new(
            installation.Server,
            [
                "-D", Data,
                "-c", "listen_addresses=127.0.0.1",
                "-c", string.Create(CultureInfo.InvariantCulture, $"port={server.PrimaryEndpoint.Port}"),
                "-c", "unix_socket_directories=",
                "-c", "logging_collector=off",
                "-c", "log_destination=stderr",
                "-c", "log_line_prefix=",
                // Several processes with a pool each, and room for an operator.
                "-c", "max_connections=300",
            ],
            Data,
            ChildEnvironment.Minimal(),
            _user,
            // A "fast" stop: open transactions are rolled back. SIGTERM would wait until the last client is gone.
            Signal.Interrupt);
    }

    public override async Task<HealthResult> CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.BuildConnectionString() + ";Database=postgres;Pooling=false;Timeout=3");
            await connection.OpenAsync(cancellationToken);
            if (!_databasesExist) await CreateDatabasesAsync(connection, cancellationToken);
            return HealthResult.Healthy;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return HealthResult.Unhealthy(exception.Message);
        }
    }

    private async Task CreateDatabasesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var database in server.Databases.Values.Distinct(StringComparer.Ordinal))
        {
            await using var query = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = @name", connection);
            query.Parameters.AddWithValue("name", database);
            if (await query.ExecuteScalarAsync(cancellationToken) is not null) continue;

            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
            log.Append($"created the database {database}");
        }

        _databasesExist = true;
    }

    // Made beside and renamed: an interrupted initialisation is not taken for a data directory.
    private async Task InitialiseAsync(PostgresInstallation installation, CancellationToken cancellationToken)
    {
        var unfinished = Data + ".unfinished";
        var passwordFile = Path.Combine(stores, server.Name + ".password");
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        log.Append("making the data directory");
        await StoreFiles.CreateDirectoryAsync(unfinished, _user, cancellationToken);
        await StoreFiles.WriteAsync(passwordFile, server.PasswordParameter.CurrentValue + "\n", _user, cancellationToken);
        try
        {
            string[] arguments =
            [
                "-D", unfinished, "--username", server.UserName, "--pwfile", passwordFile, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions",
            ];
            if (_user is null)
            {
                await Command.RunAsync(installation.InitDb, arguments, cancellationToken);
            }
            else
            {
                await Command.RunAsync(
                    Programs.Find("setpriv"),
                    [$"--reuid={_user}", $"--regid={_user}", "--init-groups", "--no-new-privs", "--", installation.InitDb, .. arguments],
                    cancellationToken);
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, Data);
    }

    // After a SIGKILL of the host the old server may still be on its way out, and after a reboot its process id may belong to another program.
    private async Task EndPredecessorAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file)) return;

        var first = File.ReadLines(file).FirstOrDefault();
        if (!int.TryParse(first, CultureInfo.InvariantCulture, out var pid) || !IsServerOf(pid))
        {
            log.Append("removing the lock file of a server that is no more");
            File.Delete(file);
            return;
        }

        log.Append($"waiting for the server of the last start (process {pid}) to end");
        Signals.Send(pid, Signal.Interrupt);
        var start = time.GetTimestamp();
        while (IsServerOf(pid))
        {
            if (time.GetElapsedTime(start) > PredecessorGrace)
                throw new State.AppHostException(State.ExitReason.AlreadyRunning, $"PostgreSQL (process {pid}) still uses {Data} and does not stop.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private bool IsServerOf(int pid)
    {
        var directory = new FileInfo($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cwd").LinkTarget;
        return string.Equals(directory, Data, StringComparison.Ordinal);
    }
}
