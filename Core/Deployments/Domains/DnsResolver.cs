using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Platform.Core.Deployments.Domains;

/// <summary>
/// Asks the configured name servers, or those of this host: .NET itself can look up addresses only. Over UDP from a port of its own for each
/// question, and over TCP when the answer does not fit.
/// </summary>
internal sealed class DnsResolver(IOptions<SiteOptions> options, TimeProvider time) : IDomainResolver
{
    private const string HostSettings = "/etc/resolv.conf";
    private const int Port = 53;
    private const int Rounds = 2;
    private const int NoSuchName = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> FindTextsAsync(string name, CancellationToken cancellationToken) =>
        await AskAsync(name, DnsMessage.Text, cancellationToken);

    /// <inheritdoc />
    public async Task<string?> FindAliasAsync(string name, CancellationToken cancellationToken)
    {
        var aliases = await AskAsync(name, DnsMessage.Alias, cancellationToken);
        // Names are compared in lower case; CA1308 is about something else.
#pragma warning disable CA1308
        return aliases is [var alias, ..] ? alias.TrimEnd('.').ToLowerInvariant() : null;
#pragma warning restore CA1308
    }

    private async Task<IReadOnlyList<string>> AskAsync(string name, ushort type, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var servers = Servers();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                try
                {
                    var answer = await AskAsync(server, name, type, cancellationToken);
                    if (answer.Code is 0 or NoSuchName) return answer.Values;
                    failure = new DomainResolverException($"The name server answered with code {answer.Code}.");
                }
                catch (Exception exception) when (exception is SocketException or IOException or FormatException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
                {
                    failure = exception;
                }
            }
        }

        throw new DomainResolverException($"No name server could say anything about {name}.", failure);
    }

    private async Task<DnsAnswer> AskAsync(IPEndPoint server, string name, ushort type, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        var question = DnsMessage.WriteQuestion(id, name, type);
        using var socket = new UdpClient(server.AddressFamily);
        // Connected: the system drops what comes from anybody else.
        socket.Connect(server);
        await socket.SendAsync(question, either.Token);
        while (true)
        {
            var received = await socket.ReceiveAsync(either.Token);
            if (DnsMessage.Read(received.Buffer, id, name, type) is not { } answer) continue;
            return answer.IsTruncated ? await AskByStreamAsync(server, question, id, name, type, either.Token) : answer;
        }
    }

    private static async Task<DnsAnswer> AskByStreamAsync(IPEndPoint server, byte[] question, ushort id, string name, ushort type, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, cancellationToken);
        await using var stream = client.GetStream();
        var framed = new byte[question.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return DnsMessage.Read(message, id, name, type) ?? throw new FormatException("The server answered another question.");
    }

    private List<IPEndPoint> Servers()
    {
        var configured = options.Value.NameServers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = configured.Length > 0 ? configured : FromHost();
        var servers = new List<IPEndPoint>();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name.Split('%')[0], out var address)) servers.Add(new IPEndPoint(address, Port));
            else if (IPEndPoint.TryParse(name, out var endpoint)) servers.Add(endpoint);
        }

        return servers.Count > 0 ? servers : throw new DomainResolverException("No name server is configured.");
    }

    private static IEnumerable<string> FromHost() => !File.Exists(HostSettings)
        ? []
        : File.ReadLines(HostSettings).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..]).Select(words => words[1]);
}
