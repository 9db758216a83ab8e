namespace Platform.BuildWorker.Publishing;

/// <summary>Paths inside an output directory.</summary>
internal static class OutputPath
{
    /// <summary>Where a link leads, relative to the output directory; null when it leads out of it.</summary>
    public static string? ResolveLink(string path, string target)
    {
        if (target.StartsWith('/')) return null;
        var parts = new List<string>(path.Split('/')[..^1]);
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..")
            {
                parts.Add(part);
                continue;
            }

            if (parts.Count == 0) return null;
            parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }

    /// <summary>Drops the first directory of a path of an archive.</summary>
    public static string? WithoutFirst(string path)
    {
        var name = path.TrimStart('.', '/');
        var cut = name.IndexOf('/', StringComparison.Ordinal);
        return cut < 0 ? null : name[(cut + 1)..];
    }
}
