using System.Net;
using System.Net.Sockets;
using Platform.Core.Deployments;

namespace Platform.Api.Common.Http;

/// <summary>Connects to hosts that users name, where the open internet is and nowhere else.</summary>
internal static class PublicAddresses
{
    public static bool Contains(IPAddress address) => PublicAddress.IsPublic(address);

    /// <summary>
    /// A connection to a host that users name, for <see cref="SocketsHttpHandler.ConnectCallback"/>: the addresses that are checked are the ones
    /// that are connected to, whatever the name resolves to later.
    /// </summary>
    /// <exception cref="HttpRequestException">The host has no address that may be called.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var known = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        var allowed = known.Where(address => allowPrivate || Contains(address)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException("The host has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
