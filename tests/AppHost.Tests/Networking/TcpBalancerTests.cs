using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.AppHost.Local.Logs;
using Platform.AppHost.Local.Networking;
using Platform.Testing;

namespace Platform.AppHost.Tests.Networking;

public sealed class TcpBalancerTests : IAsyncDisposable
{
    private readonly List<EchoServer> _servers = [];
    private readonly int _port = FreePorts.Take();
    private readonly LogBuffer _log = new("apphost", 0, new(), TimeProvider.System);
    private TcpBalancer? _balancer;

    public async ValueTask DisposeAsync()
    {
        if (_balancer is not null) await _balancer.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Connections_go_to_each_in_turn()
    {
        Start(Serve("a"), Serve("b"));

        var answers = new List<string>();
        for (var i = 0; i < 6; i++) answers.Add(await AskAsync("x"));

        answers.Count(answer => answer == "a:x").ShouldBe(3);
        answers.Count(answer => answer == "b:x").ShouldBe(3);
    }

    [Fact]
    public async Task One_that_went_away_is_passed_over()
    {
        var dead = FreePorts.Take();
        Start(dead, Serve("b"));

        for (var i = 0; i < 4; i++) (await AskAsync("x")).ShouldBe("b:x");
    }

    [Fact]
    public async Task With_none_ready_the_connection_is_closed_and_the_log_says_why()
    {
        Start();

        // Whether the client sees an end or a reset depends on what it had sent by then.
        var answer = "";
        try
        {
            answer = await AskAsync("x");
        }
        catch (IOException exception)
        {
            exception.InnerException.ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }

        answer.ShouldBeEmpty();
        await Eventually.TrueAsync(() => _log.Snapshot().Any(line => line.Text.Contains("no process is ready", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_large_answer_comes_whole_after_the_client_has_finished_sending()
    {
        Start(Serve("a"));
        var text = new string('z', 3_000_000);

        (await AskAsync(text)).Length.ShouldBe(text.Length + 2);
    }

    [Fact]
    public async Task Both_loopback_addresses_answer()
    {
        Assert.True(Socket.OSSupportsIPv6);
        Start(Serve("a"));

        (await AskAsync("x", IPAddress.IPv6Loopback)).ShouldBe("a:x");
    }

    private void Start(params int[] ports)
    {
        _balancer = new(_port, () => ports, _log);
        _balancer.Start();
    }

    private int Serve(string name)
    {
        var server = new EchoServer(name);
        _servers.Add(server);
        return server.Port;
    }

    private async Task<string> AskAsync(string text, IPAddress? address = null)
    {
        using var client = new TcpClient(address?.AddressFamily ?? AddressFamily.InterNetwork);
        await client.ConnectAsync(address ?? IPAddress.Loopback, _port);
        var stream = client.GetStream();
        var sending = SendAsync(client, stream, text);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        await sending;
        return answer;
    }

    private static async Task SendAsync(TcpClient client, NetworkStream stream, string text)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Answers with its name and what it received, once the client has finished.</summary>
    private sealed class EchoServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly string _name;
        private readonly Task _loop;

        public EchoServer(string name)
        {
            _name = name;
            _listener.Start();
            _loop = RunAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _loop;
        }

        private async Task RunAsync()
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await _listener.AcceptTcpClientAsync();
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }

                using (client)
                {
                    using var received = new MemoryStream();
                    await client.GetStream().CopyToAsync(received);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_name + ":"));
                    await client.GetStream().WriteAsync(received.ToArray());
                }
            }
        }
    }
}
