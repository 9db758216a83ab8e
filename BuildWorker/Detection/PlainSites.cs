namespace Platform.BuildWorker.Detection;

/// <summary>Files that are published as they stand in the repository.</summary>
internal static class PlainSites
{
    private static readonly string[] Folders = ["", "public", "dist", "site", "docs"];

    /// <summary>Null when there is no page to begin with.</summary>
    public static BuildPlan? Detect(string directory, BuildOverrides overrides, string? reason = null)
    {
        var found = Folders.Where(folder => File.Exists(Path.Combine(directory, folder, "index.html"))).ToArray();
        if (found.Length == 0 && overrides.OutputDir is null) return null;
        var place = found.FirstOrDefault() is { Length: > 0 } folder ? $"in {folder}/" : "and no package.json";
        var why = reason ?? $"Found index.html {place}: the files are published as they are, nothing is built";
        if (found.Length == 0) why = "Nothing is built: the output directory is published as it is";
        return new BuildPlan { Framework = "Plain HTML", Reasons = [why], OutputCandidates = found };
    }
}
