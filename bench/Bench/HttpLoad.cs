using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Bench;

/// <summary>
/// A client that costs as little as it can, and the same for every server: the same bytes over kept connections, answers counted by their length.
/// A thread for each core waits for all its connections at once, as wrk does. On the thread pool it was paid more for a slow server than for a fast one:
/// workers that find nothing to do look for it for a while, on the processor that the server wants.
/// </summary>
internal static class HttpLoad
{
    private const int Connections = 16;
    private const int BufferSize = 256 * 1024;

    // A server that does not answer for so long has stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Answers per second.</returns>
    public static async Task<double> RunAsync(
        IPEndPoint server, string host, string path, TimeSpan length, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var more = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: */*\r\n{more}\r\n");
        var threads = Math.Min(Environment.ProcessorCount, Connections);
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, threads).Select(number => Task.Factory.StartNew(
            () => Loop(server, request, (Connections / threads) + (number < Connections % threads ? 1 : 0), length, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static long Loop(IPEndPoint server, byte[] request, int connections, TimeSpan length, CancellationToken cancellationToken)
    {
        var all = new Dictionary<Socket, Answer>();
        try
        {
            for (var number = 0; number < connections; number++)
            {
                var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                all.Add(socket, new Answer());
                socket.Connect(server);
                socket.Send(request);
            }

            var (began, count, ready) = (Stopwatch.GetTimestamp(), 0L, new List<Socket>(connections));
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ready.Clear();
                ready.AddRange(all.Keys);
                Socket.Select(ready, null, null, Patience);
                if (ready.Count == 0) throw new InvalidOperationException("The server stopped answering.");
                foreach (var socket in ready)
                {
                    if (!all[socket].Receive(socket)) continue;
                    count++;
                    socket.Send(request);
                }
            }

            return count;
        }
        finally
        {
            foreach (var socket in all.Keys) socket.Dispose();
        }
    }

    /// <summary>What has come of one answer.</summary>
    private sealed class Answer
    {
        private readonly byte[] _buffer = new byte[BufferSize];

        // Bytes of a head that is not complete.
        private int _received;

        // Bytes of the body that are to come; -1 while the head is not complete.
        private long _left = -1;

        /// <summary>Takes what there is; true when the answer is complete.</summary>
        public bool Receive(Socket socket)
        {
            var read = _left < 0
                ? socket.Receive(_buffer.AsSpan(_received))
                : socket.Receive(_buffer.AsSpan(0, (int)Math.Min(_left, BufferSize)));
            if (read == 0) throw new InvalidOperationException("The server closed the connection.");
            if (_left >= 0) _left -= read;
            else _left = Missing(_buffer.AsSpan(0, _received += read));
            if (_left != 0) return false;
            (_received, _left) = (0, -1);
            return true;
        }
    }

    /// <summary>Bytes of the answer that have not come yet; -1 while its head has not.</summary>
    private static long Missing(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.ASCII.GetString(head));
        var name = head.IndexOf("Content-Length: "u8);
        if (name < 0) throw new InvalidOperationException("The answer does not say its length.");
        var value = head[(name + 16)..];
        var stop = value.IndexOf((byte)'\r');
        var length = long.Parse(stop < 0 ? value : value[..stop], NumberStyles.None, CultureInfo.InvariantCulture);
        return length - (answer.Length - end - 4);
    }
}
