using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>Finds where a project's dependencies are installed: a package of a monorepo is installed at the root of its workspaces.</summary>
internal static partial class Workspaces
{
    /// <summary>The project's directory and all above it, up to the repository's.</summary>
    public static IReadOnlyList<string> Upwards(string root, string project)
    {
        var directories = new List<string>();
        for (var directory = project; directory.Length >= root.Length; directory = Path.GetDirectoryName(directory)!) directories.Add(directory);
        return directories;
    }

    /// <summary>The nearest directory above whose workspaces include the project; else the project's own.</summary>
    public static string InstallRoot(IReadOnlyList<string> upwards)
    {
        var project = upwards[0];
        foreach (var directory in upwards.Skip(1))
        {
            if (Patterns(directory) is { } patterns && Includes(patterns, Path.GetRelativePath(directory, project).Replace('\\', '/'))) return directory;
        }

        return project;
    }

    private static IReadOnlyList<string>? Patterns(string directory) =>
        ProjectFiles.Read(directory, "pnpm-workspace.yaml") is { } yaml ? PnpmPatterns(yaml) : PackageJson.Read(directory)?.Workspaces;

    private static bool Includes(IReadOnlyList<string> patterns, string path)
    {
        var included = false;
        // In order: a later exclusion takes back what an earlier pattern included.
        foreach (var pattern in patterns)
        {
            var excludes = pattern.StartsWith('!');
            if (Matches(excludes ? pattern[1..] : pattern, path)) included = !excludes;
        }

        return included;
    }

    private static bool Matches(string pattern, string path)
    {
        pattern = pattern.Trim().TrimEnd('/');
        if (pattern.StartsWith("./", StringComparison.Ordinal)) pattern = pattern[2..];
        var expression = Regex.Escape(pattern).Replace(@"\*\*", "\n", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace("\n", ".*", StringComparison.Ordinal);
        return Regex.IsMatch(path, $"^{expression}$", RegexOptions.NonBacktracking);
    }

    /// <summary>The list under <c>packages:</c>; more of YAML than this is not used in such a file.</summary>
    private static List<string> PnpmPatterns(string yaml)
    {
        var patterns = new List<string>();
        var inside = false;
        foreach (var line in yaml.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line.StartsWith("packages:", StringComparison.Ordinal))
            {
                inside = true;
                patterns.AddRange(Quoted().Matches(line).Select(match => match.Groups["value"].Value));
            }
            else if (inside && Item().Match(line) is { Success: true } item)
            {
                patterns.Add(item.Groups["value"].Value);
            }
            else if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] is not ('#' or '-'))
            {
                inside = false;
            }
        }

        return patterns;
    }

    [GeneratedRegex("""^\s*-\s*["']?(?<value>[^"'#\s]+)["']?""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Item();

    [GeneratedRegex("""["'](?<value>[^"']+)["']""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
