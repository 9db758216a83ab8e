using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Bench;

/// <summary>A client that costs as little as it can: the same bytes over kept connections, answers counted by their length.</summary>
internal static class HttpLoad
{
    private const int Connections = 16;
    private const int BufferSize = 256 * 1024;

    /// <returns>Requests per second.</returns>
    public static async Task<double> RunAsync(
        IPEndPoint server, string host, string path, TimeSpan length, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var more = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: */*\r\n{more}\r\n");
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => LoopAsync(server, request, length, cancellationToken), cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<long> LoopAsync(IPEndPoint server, byte[] request, TimeSpan length, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[BufferSize];
        var began = Stopwatch.GetTimestamp();
        var count = 0L;
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            await socket.SendAsync(request, cancellationToken);
            var received = 0;
            long left;
            while ((left = Missing(buffer.AsSpan(0, received))) < 0) received += await ReceiveAsync(socket, buffer.AsMemory(received), cancellationToken);
            while (left > 0) left -= await ReceiveAsync(socket, buffer.AsMemory(0, (int)Math.Min(left, BufferSize)), cancellationToken);
            count++;
        }

        return count;
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await socket.ReceiveAsync(buffer, cancellationToken);
        return read > 0 ? read : throw new InvalidOperationException("The server closed the connection.");
    }

    /// <summary>Bytes of the answer that have not come yet; -1 while its head has not.</summary>
    private static long Missing(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.ASCII.GetString(head));
        var name = head.IndexOf("Content-Length: "u8);
        var value = head[(name + 16)..];
        var stop = value.IndexOf((byte)'\r');
        var length = long.Parse(stop < 0 ? value : value[..stop], NumberStyles.None, CultureInfo.InvariantCulture);
        return length - (answer.Length - end - 4);
    }
}
