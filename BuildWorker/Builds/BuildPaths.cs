namespace Platform.BuildWorker.Builds;

/// <summary>Paths as a build sees them.</summary>
internal static class BuildPaths
{
    /// <summary><see cref="WorkDirectory.Box"/>.</summary>
    public const string Workspace = "/workspace";

    /// <summary><see cref="WorkDirectory.App"/>.</summary>
    public const string App = $"{Workspace}/app";

    public const string Home = $"{Workspace}/home";

    /// <summary><see cref="WorkDirectory.Store"/>: on the mount of the repository, so that package managers can link instead of copying.</summary>
    public const string Store = $"{Workspace}/store";

    public const string CaBundle = "/etc/autostack/ca-bundle.crt";

    public static string Join(params ReadOnlySpan<string> parts)
    {
        var given = new List<string>();
        foreach (var part in parts)
        {
            if (part.Length > 0) given.Add(part);
        }

        return string.Join('/', given);
    }

    /// <summary>A word for the shell.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
