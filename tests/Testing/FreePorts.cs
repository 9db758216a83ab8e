using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Platform.Testing;

/// <summary>
/// Ports for servers that a test starts. They lie below what the system gives to outgoing connections: such a port could be taken again before the
/// server has started. The stores of tests have theirs above these.
/// </summary>
public static class FreePorts
{
    public const int First = 20_000;
    public const int End = 25_000;

    // Given out in this process. Also to look whether such a port is free takes it for a moment: from a server that is just about to start there.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that nobody listens on.</summary>
    public static int Take() => Take(1)[0];

    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.TryAdd(port, true) && IsFree(port)) ports.Add(port);
        }

        return [.. ports];
    }

    /// <summary>Whether a server can be bound to it now.</summary>
    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
