namespace Platform.Core;

/// <summary>Where relative paths of the configuration (<c>.data/artifacts</c>, <c>samples</c>) start.</summary>
public static class InstallationRoot
{
    private const string Marker = "Platform.sln";

    /// <summary>The checkout that the process was built from, or the content root where there is none (a published installation).</summary>
    public static string Find(string contentRoot)
    {
        foreach (var start in new[] { contentRoot, AppContext.BaseDirectory })
        {
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(Path.Combine(directory.FullName, Marker))) return directory.FullName;
            }
        }

        return contentRoot;
    }

    /// <summary>The absolute form of a configured path.</summary>
    public static string Resolve(string contentRoot, string path) => Path.GetFullPath(path, Find(contentRoot));
}
