using System.Globalization;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// The account of builds. What they write lies in a directory of this host that the worker has to move and delete: a worker without privileges
/// lets builds run as itself, one with privileges gives the directory to the image's user.
/// </summary>
internal static class BuildUser
{
    private const string OfImage = "1000:1000";

    /// <summary><c>uid:gid</c>.</summary>
    public static string Id { get; } = Environment.IsPrivilegedProcess ? OfImage : $"{Read("Uid:")}:{Read("Gid:")}";

    /// <summary>Gives files, or whole trees, to it.</summary>
    public static async Task OwnAsync(IReadOnlyCollection<string> paths, bool recursive, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess && paths.Count > 0) await HostTool.RunAsync("chown", [recursive ? "-hR" : "-h", "--", Id, .. paths], cancellationToken);
    }

    private static string Read(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        // Real, effective, saved and file-system id.
        return int.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
