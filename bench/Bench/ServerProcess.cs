using System.Diagnostics;
using System.Globalization;

namespace Platform.Bench;

/// <summary>The process that listens on a port of this machine: what it takes of the processor says more than a rate while others work here, too.</summary>
internal static class ServerProcess
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Null when it is not ours to look at.</summary>
    public static Process? FindByPort(int port)
    {
        // Lines of: number, local address:port in hexadecimal, remote, state, queues, timers, retransmissions, user, timeout, inode.
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        var sockets = Tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet(StringComparer.Ordinal);
        return Process.GetProcesses().FirstOrDefault(process => Holds(process.Id, sockets));
    }

    private static bool Holds(int id, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/fd")
                .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended in the meantime, or somebody else's.
            return false;
        }
    }
}
