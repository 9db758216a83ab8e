namespace Platform.ServiceDefaults.Configuration;

/// <summary>The <c>.env</c> file of local use: <c>NAME=value</c> lines, comments, quotes, <c>export</c>.</summary>
internal static class DotEnvFile
{
    private const string FileName = ".env";

    /// <summary>The nearest one from <paramref name="directory"/> up to the folder of the solution; null when there is none.</summary>
    public static string? Find(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, FileName);
            if (File.Exists(file)) return file;
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) return null;
        }

        return null;
    }

    public static Dictionary<string, string?> Parse(IEnumerable<string> lines)
    {
        var result = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Select(text => text.Trim()))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var text = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            // As in the environment: two underscores part the sections of a key.
            result[text[..equals].TrimEnd().Replace("__", ":", StringComparison.Ordinal)] = Value(text[(equals + 1)..].Trim());
        }

        return result;
    }

    private static string Value(string text)
    {
        if (text.Length > 1 && text[0] is '"' or '\'')
        {
            var end = text.IndexOf(text[0], 1);
            if (end > 0)
            {
                var inner = text[1..end];
                return text[0] == '"' ? inner.Replace("\\n", "\n", StringComparison.Ordinal) : inner;
            }
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
