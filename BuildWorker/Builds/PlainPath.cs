namespace Platform.BuildWorker.Builds;

/// <summary>Paths in a tree that a build has written: a link in one of them could lead anywhere on this host.</summary>
internal static class PlainPath
{
    /// <summary>True when the path exists below the directory and no part of it is a link.</summary>
    public static bool Exists(string directory, string path)
    {
        var current = directory;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Combine(current, part);
            var entry = new DirectoryInfo(current);
            if (part == ".." || entry.LinkTarget is not null || !(entry.Exists || File.Exists(current))) return false;
        }

        return true;
    }

    /// <summary>True when the path does not exist and what exists of the way to it are directories.</summary>
    public static bool CanCreate(string directory, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var current = directory;
        for (var i = 0; i < parts.Length; i++)
        {
            current = Path.Combine(current, parts[i]);
            var entry = new DirectoryInfo(current);
            if (parts[i] == ".." || entry.LinkTarget is not null || File.Exists(current)) return false;
            if (!entry.Exists) return true;
        }

        return false;
    }
}
