using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Detection;

/// <summary>The Node version that a build gets.</summary>
/// <param name="Version">The whole version: <c>22.23.3</c>.</param>
/// <param name="Reason">Why this one.</param>
internal sealed record NodeVersion(string Version, string Reason)
{
    private const string DefaultMajor = "22";
    private const string Settings = "the project's settings";

    public string Major => Version.Split('.')[0];

    /// <summary>The project's setting, then <c>engines</c>, <c>.nvmrc</c> and <c>.node-version</c>, each in the project and upwards.</summary>
    /// <param name="setting">What the user decided.</param>
    /// <param name="directories">The project's directory and those above it in the repository.</param>
    /// <param name="available">Whole versions that builds can have.</param>
    /// <exception cref="BuildFailureException">None of them is what is asked for.</exception>
    public static NodeVersion Choose(string? setting, IReadOnlyList<string> directories, IReadOnlyList<string> available)
    {
        foreach (var (wanted, where) in Wishes(setting, directories))
        {
            if (Pick(wanted, available) is { } version) return new NodeVersion(version, $"{where}: {wanted}");
            throw new BuildFailureException(
                FailureCode.WrongNodeVersion,
                $"Node {wanted}, which {where} asks for, is not available.",
                $"Available are {string.Join(", ", available)}: change {where}{(where == Settings ? "" : ", or choose a version in " + Settings)}.")
            { Line = $"{where}: {wanted}" };
        }

        return new NodeVersion(Default(available), "nothing asks for another");
    }

    private static IEnumerable<(string Wanted, string Where)> Wishes(string? setting, IReadOnlyList<string> directories)
    {
        if (!string.IsNullOrWhiteSpace(setting)) yield return (setting.Trim(), Settings);
        foreach (var directory in directories)
        {
            if (PackageJson.Read(directory)?.NodeEngine is { Length: > 0 and <= 200 } engine) yield return (engine.Trim(), "engines in package.json");
        }

        foreach (var name in new[] { ".nvmrc", ".node-version" })
        {
            foreach (var directory in directories)
            {
                if (ProjectFiles.ReadFirstLine(directory, name) is { Length: > 0 and <= 100 } line) yield return (line, name);
            }
        }
    }

    private static string? Pick(string wanted, IReadOnlyList<string> available)
    {
        switch (wanted.ToLowerInvariant())
        {
            case "lts" or "lts/*" or "latest" or "current" or "node" or "stable":
                return Default(available);
            case "lts/hydrogen":
                wanted = "18";
                break;
            case "lts/iron":
                wanted = "20";
                break;
            case "lts/jod":
                wanted = "22";
                break;
            case "lts/krypton":
                wanted = "24";
                break;
        }

        if (SemanticRange.TryParse(wanted) is not { } range) return null;
        var fitting = available.Where(range.Contains).ToArray();
        // The default if it will do, so that most projects run with the same; else the newest.
        if (fitting.Length > 0) return fitting.FirstOrDefault(version => version == Default(available)) ?? fitting.MaxBy(System.Version.Parse);
        // "22.11.0" names a version by accident more often than on purpose: another one of the same major will do.
        return available.FirstOrDefault(version => range.Majors.Contains(System.Version.Parse(version).Major));
    }

    private static string Default(IReadOnlyList<string> available) =>
        available.FirstOrDefault(version => version.StartsWith(DefaultMajor + ".", StringComparison.Ordinal)) ?? available[^1];
}
