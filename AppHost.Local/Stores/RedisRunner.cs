using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Orchestration;
using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Local.Stores;

/// <summary>Runs Redis as a local process: its own account, loopback only, behind a password.</summary>
internal sealed class RedisRunner(RedisResource server, string stores) : ResourceRunner(server)
{
    private static readonly string[] Directories = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
    private readonly string? _user = ServiceUser.Choose("redis");

    private string Data => Path.Combine(stores, server.Name);

    public override void Preflight()
    {
        _ = Programs.Find("redis-server", Directories);
        _ = Programs.Find("setsid");
        if (_user is not null) _ = Programs.Find("setpriv");
    }

    public override async Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        await StoreFiles.CreateDirectoryAsync(Data, _user, cancellationToken);
        var configuration = Path.Combine(Data, "redis.conf");
        await StoreFiles.WriteAsync(configuration, Configure(), _user, cancellationToken);
        return new(Programs.Find("redis-server", Directories), [configuration], Data, ChildEnvironment.Minimal(), _user);
    }

    /// <summary>Speaks just enough of the protocol to log in and ask for a PONG.</summary>
    public override async Task<HealthResult> CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.PrimaryEndpoint.Host, server.PrimaryEndpoint.Port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {server.PasswordParameter.CurrentValue}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var login = await reader.ReadLineAsync(cancellationToken);
            var pong = await reader.ReadLineAsync(cancellationToken);
            return login == "+OK" && pong == "+PONG" ? HealthResult.Healthy : HealthResult.Unhealthy($"It answered {login} {pong}.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return HealthResult.Unhealthy(exception.Message);
        }
    }

    private string Configure()
    {
        var lines = new List<string>
        {
            "bind 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port {server.PrimaryEndpoint.Port}"),
            "protected-mode yes",
            $"requirepass {server.PasswordParameter.CurrentValue}",
            $"dir \"{Data}\"",
            "daemonize no",
            "loglevel notice",
            "appendonly no",
            // Everything in it may be lost (caches, counters, fan-out); with a volume it is written once a minute when something changed.
            server.Annotations.OfType<DataVolumeAnnotation>().Any() ? "save 60 1" : "save \"\"",
        };
        return string.Join('\n', lines) + "\n";
    }
}
