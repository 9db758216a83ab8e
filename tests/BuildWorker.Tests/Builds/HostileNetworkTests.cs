using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>A build that installs something has a network, and from there reaches nothing that is not public.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class HostileNetworkTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private const string Network = "autostack-build";
    private const int NeighbourPort = 8123;

    // Connects to every argument; a connection is "open", whatever is answered.
    private const string Knock = """
        const net = require('net');
        for (const target of process.argv.slice(2)) {
          const at = target.lastIndexOf(':');
          const socket = net.connect({ host: target.slice(0, at), port: Number(target.slice(at + 1)) });
          const say = word => { console.log(target, word); socket.destroy(); clearTimeout(timer); };
          const timer = setTimeout(() => say('closed'), 3000);
          socket.on('connect', () => say('open')).on('error', () => say('closed'));
        }
        """;

    [Fact]
    public async Task Build_reaches_neither_host_nor_containers_nor_private_addresses()
    {
        using var host = new TcpListener(IPAddress.Any, 0);
        host.Start();
        var port = ((IPEndPoint)host.LocalEndpoint).Port;
        await using var neighbour = await Neighbour.StartAsync(Services.GetRequiredService<IContainerEngine>(), Fixture.Label);
        var own = Addresses().Select(address => $"{address}:{port}").ToArray();
        own.ShouldNotBeEmpty();
        // They answer, but not to everybody.
        foreach (var address in Addresses()) await ConnectAsync(address, port);
        await ConnectAsync(neighbour.Address, NeighbourPort);
        string[] targets =
        [
            .. own, $"{neighbour.Address}:{NeighbourPort}", "169.254.169.254:80", "10.0.0.1:80", "172.16.0.1:80", "192.168.0.1:80", "100.64.0.1:80", "[::1]:1",
            $"host.docker.internal:{port}",
        ];
        Repository.Write("knock.js", Knock);
        Repository.Write("package.json", """{"scripts":{"build":"bash build.sh"}}""");
        Repository.Write("build.sh", $"node knock.js {string.Join(' ', targets)} && mkdir dist && echo ok > dist/index.html");
        Repository.Commit("Knock");

        var deployment = await BuildAsync(row => row.InstallCommand = "true");

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var lines = await LinesAsync(deployment.Id);
        foreach (var target in targets) lines.ShouldContain($"{target} closed");
        lines.ShouldNotContain(line => line.EndsWith(" open", StringComparison.Ordinal));
    }

    /// <summary>The addresses of this machine, that of the build network among them.</summary>
    private static string[] Addresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus != OperationalStatus.Down)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => address.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).Select(address => address.ToString()),
    ];

    private static async Task ConnectAsync(string address, int port) => await Eventually.TrueAsync(async () =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, port).WaitAsync(TimeSpan.FromSeconds(5));
            return true;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            return false;
        }
    });

    /// <summary>Another build, as it were, which listens.</summary>
    private sealed class Neighbour(IContainerEngine engine, string id, string address) : IAsyncDisposable
    {
        public string Address => address;

        public static async Task<Neighbour> StartAsync(IContainerEngine engine, string label)
        {
            var id = await engine.CreateAsync(
                new ContainerSpec
                {
                    Image = "autostack/build-node:latest",
                    Entrypoint = [],
                    Command = ["node", "-e", string.Create(CultureInfo.InvariantCulture, $"require('net').createServer(s => s.end('x')).listen({NeighbourPort}, '0.0.0.0')")],
                    Labels = new Dictionary<string, string> { [ContainerLabels.Platform] = label },
                    Network = Network,
                },
                CancellationToken.None);
            await engine.StartAsync(id, CancellationToken.None);
            await using var exec = await engine.ExecAsync(id, new ExecSpec { Command = ["node", "-p", "require('os').networkInterfaces().eth0[0].address"] }, CancellationToken.None);
            var buffer = new byte[256];
            var chunk = await exec.ReadAsync(buffer, CancellationToken.None);
            return new Neighbour(engine, id, System.Text.Encoding.ASCII.GetString(buffer, 0, chunk.Length).Trim());
        }

        public async ValueTask DisposeAsync() => await engine.RemoveAsync(id, CancellationToken.None);
    }
}
