using System.Net.Sockets;
using System.Text;
using Platform.Core.Containers;
using Platform.Core.Containers.EngineApi;

namespace Platform.Core.Tests.Containers;

/// <summary>The framing, against an engine that is a script.</summary>
public sealed class EngineStreamTests : IAsyncLifetime, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.sock");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Socket _server = null!;
    private EngineStream _stream = null!;

    public async Task InitializeAsync()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
        EngineEndpoint.TryParse($"unix://{_path}", out var endpoint).ShouldBeTrue();
        var opening = EngineUpgrade.OpenAsync(endpoint!, "/attach", null, CancellationToken.None);
        _server = await _listener.AcceptAsync();
        // The answer's head and the first bytes of output in one piece.
        await SendAsync("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"u8.ToArray(), Frame(1, "early"));
        var upgrade = await opening;
        upgrade.IsMultiplexed.ShouldBeTrue();
        _stream = new EngineStream(upgrade, upgrade.IsMultiplexed);
    }

    public async Task DisposeAsync() => await _stream.DisposeAsync();

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Frames_in_any_number_of_pieces_are_put_together()
    {
        var reading = ReadAllAsync(bufferSize: 7);
        foreach (var piece in Frame(2, "split error").Concat(Frame(1, "")).Concat(Frame(1, "split output"))) await SendAsync([piece]);
        _server.Shutdown(SocketShutdown.Send);

        (await reading).ShouldBe(("earlysplit output", "split error"));
    }

    [Fact]
    public async Task A_frame_larger_than_every_buffer_arrives_whole()
    {
        var large = new string('x', 300_000);
        var reading = ReadAllAsync(bufferSize: 100_000);
        await SendAsync(Frame(1, large));
        _server.Shutdown(SocketShutdown.Send);

        (await reading).ShouldBe(("early" + large, ""));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(10)]
    public async Task An_end_inside_a_frame_is_a_lost_connection(int length)
    {
        await SendAsync(Frame(1, "never complete")[..length]);
        _server.Shutdown(SocketShutdown.Send);

        var failure = await Should.ThrowAsync<ContainerEngineException>(() => ReadAllAsync(64));

        failure.Error.ShouldBe(ContainerEngineError.Unavailable);
    }

    [Fact]
    public async Task The_engines_own_complaint_is_a_failure()
    {
        await SendAsync(Frame(3, "Error grabbing logs"));

        var failure = await Should.ThrowAsync<ContainerEngineException>(() => ReadAllAsync(64));

        failure.Message.ShouldBe("Error grabbing logs");
    }

    private static byte[] Frame(byte kind, string text)
    {
        var data = Encoding.UTF8.GetBytes(text);
        return [kind, 0, 0, 0, (byte)(data.Length >> 24), (byte)(data.Length >> 16), (byte)(data.Length >> 8), (byte)data.Length, .. data];
    }

    private Task SendAsync(params byte[][] pieces) => SendAsync([.. pieces.SelectMany(piece => piece)]);

    private async Task SendAsync(byte[] data) => await EngineUpgrade.SendAllAsync(_server, data, CancellationToken.None);

    private async Task<(string Stdout, string Stderr)> ReadAllAsync(int bufferSize)
    {
        var (stdout, stderr) = (new StringBuilder(), new StringBuilder());
        var buffer = new byte[bufferSize];
        while (await _stream.ReadAsync(buffer, CancellationToken.None) is { Length: > 0 } chunk)
        {
            (chunk.Kind == OutputKind.Stdout ? stdout : stderr).Append(Encoding.UTF8.GetString(buffer, 0, chunk.Length));
        }

        return (stdout.ToString(), stderr.ToString());
    }
}
