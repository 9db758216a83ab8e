using System.Globalization;
using Platform.AppHost.Local.Processes;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Stores;

/// <summary>The PostgreSQL programs of this machine. A data directory can only be opened by the major version that made it.</summary>
internal sealed class PostgresInstallation(string binaries)
{
    private const string DistributionDirectory = "/usr/lib/postgresql";

    public string Server => Path.Combine(binaries, "postgres");

    public string InitDb => Path.Combine(binaries, "initdb");

    public static PostgresInstallation Find(string dataDirectory)
    {
        var wanted = VersionOf(dataDirectory);
        if (Directory.Exists(DistributionDirectory))
        {
            var installed = Directory.GetDirectories(DistributionDirectory)
                .Select(directory => (Version: Path.GetFileName(directory), Binaries: Path.Combine(directory, "bin")))
                .Where(candidate => File.Exists(Path.Combine(candidate.Binaries, "postgres")))
                .OrderByDescending(candidate => int.TryParse(candidate.Version, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .ToList();
            var match = installed.Find(candidate => wanted is null || candidate.Version == wanted);
            if (match.Binaries is not null) return new(match.Binaries);
            if (installed.Count > 0)
            {
                throw new AppHostException(
                    ExitReason.MissingProgram,
                    $"The data in {dataDirectory} was made by PostgreSQL {wanted}, which is not installed ({string.Join(", ", installed.Select(candidate => candidate.Version))} is): install it, or move the data with pg_upgrade.");
            }
        }

        // Distributions that keep one version only put it in the path, beside initdb.
        var server = new FileInfo(Programs.Find("postgres"));
        var target = server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName;
        return new(Path.GetDirectoryName(target)!);
    }

    private static string? VersionOf(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "PG_VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
