using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Core.Containers.EngineApi;

/// <summary>The address of an engine: a unix socket or a TCP port.</summary>
internal sealed record EngineEndpoint(EndPoint EndPoint, string Address)
{
    public const string Default = "unix:///var/run/docker.sock";

    /// <summary>Reads <c>unix:///path</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</summary>
    public static bool TryParse(string address, out EngineEndpoint? endpoint)
    {
        endpoint = null;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return false;
        EndPoint? point = uri.Scheme switch
        {
            "unix" when uri.AbsolutePath.Length > 1 && string.IsNullOrEmpty(uri.Host) => new UnixDomainSocketEndPoint(Uri.UnescapeDataString(uri.AbsolutePath)),
            "tcp" or "http" when uri.Port > 0 && uri.AbsolutePath is "/" or "" => IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)
                ? new IPEndPoint(ip, uri.Port)
                : new DnsEndPoint(uri.Host, uri.Port),
            _ => null,
        };
        if (point is null) return false;
        endpoint = new EngineEndpoint(point, address);
        return true;
    }

    /// <summary>Opens a connection of its own.</summary>
    public async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = EndPoint switch
        {
            UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            IPEndPoint ip => new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
            _ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        };
        try
        {
            await socket.ConnectAsync(EndPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The value of the Host header.</summary>
    public string Host => EndPoint switch
    {
        UnixDomainSocketEndPoint => "docker",
        DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        _ => EndPoint.ToString() ?? "docker",
    };
}
