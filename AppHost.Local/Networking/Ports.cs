using System.Net;
using System.Net.Sockets;

namespace Platform.AppHost.Local.Networking;

/// <summary>Tells whether a loopback port can be listened on, and finds one that can.</summary>
internal static class Ports
{
    private const int FirstChosen = 26_000;
    private const int EndOfChosen = 32_000;

    public static bool IsFree(int port) =>
        CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    /// <summary>A port below those of outgoing connections: one of these could be taken again before its server has started.</summary>
    public static int ChooseFree()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(FirstChosen, EndOfChosen);
            if (IsFree(port)) return port;
        }

        return ChooseAny();
    }

    private static int ChooseAny()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port)) return port;
        }
    }

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // The kernel knows IPv6, but this host has no such loopback address: nobody else can take the port on it either.
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
