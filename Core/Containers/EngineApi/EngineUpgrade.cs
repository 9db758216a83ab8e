using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Core.Containers.EngineApi;

/// <summary>
/// A connection that began as an HTTP request and goes on as raw bytes (<c>Upgrade: tcp</c>). HttpClient cannot close the sending
/// half of such a connection, which is how standard input ends; so the exchange is done on a socket of its own.
/// </summary>
/// <param name="Socket">The connection.</param>
/// <param name="Buffer">What was read from it beyond the answer's head, and room for more.</param>
/// <param name="Start">Where the unread bytes in <paramref name="Buffer"/> begin.</param>
/// <param name="End">Where they end.</param>
/// <param name="ContentType">The engine's name for the format of the stream.</param>
internal sealed record EngineUpgrade(Socket Socket, byte[] Buffer, int Start, int End, string ContentType)
{
    /// <summary>Whether the engine says itself that output comes in frames (from API 1.42 on).</summary>
    public bool IsMultiplexed => ContentType == "application/vnd.docker.multiplexed-stream";

    private const int BufferSize = 32 * 1024;

    public static async Task<EngineUpgrade> OpenAsync(EngineEndpoint endpoint, string target, byte[]? body, CancellationToken cancellationToken)
    {
        var socket = await endpoint.ConnectAsync(cancellationToken);
        try
        {
            await SendAllAsync(socket, Request(endpoint, target, body), cancellationToken);
            return await ReadHeadAsync(socket, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            var sent = await socket.SendAsync(data, SocketFlags.None, cancellationToken);
            data = data[sent..];
        }
    }

    private static byte[] Request(EngineEndpoint endpoint, string target, byte[]? body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {target} HTTP/1.1\r\nHost: {endpoint.Host}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {body?.Length ?? 0}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body ?? []];
    }

    private static async Task<EngineUpgrade> ReadHeadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var (filled, headEnd) = (0, -1);
        while (headEnd < 0)
        {
            if (filled == buffer.Length) throw new IOException("The head of the engine's answer does not end.");
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
            if (read == 0) throw new IOException("The engine closed the connection before it answered.");
            filled += read;
            headEnd = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }

        var lines = Encoding.ASCII.GetString(buffer, 0, headEnd).Split("\r\n");
        var status = Status(lines[0]);
        var start = headEnd + 4;
        if (status is HttpStatusCode.SwitchingProtocols or HttpStatusCode.OK) return new EngineUpgrade(socket, buffer, start, filled, Header(lines, "Content-Type") ?? "");

        throw EngineErrors.Create(status, await ReadBodyAsync(socket, buffer, start, filled, Header(lines, "Content-Length"), cancellationToken));
    }

    private static HttpStatusCode Status(string line)
    {
        var parts = line.Split(' ', 3);
        return parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? (HttpStatusCode)status
            : throw new IOException("The engine's answer is not HTTP.");
    }

    private static string? Header(string[] lines, string name) => lines
        .Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    private static async Task<string> ReadBodyAsync(Socket socket, byte[] buffer, int start, int filled, string? length, CancellationToken cancellationToken)
    {
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)) wanted = filled - start;
        wanted = Math.Min(wanted, buffer.Length - start);
        while (filled - start < wanted)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
            if (read == 0) break;
            filled += read;
        }

        return Encoding.UTF8.GetString(buffer, start, filled - start);
    }
}
