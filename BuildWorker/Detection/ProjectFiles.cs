using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>Small files of a checked-out project. What is missing, too large or unreadable is as if it were not there.</summary>
internal static class ProjectFiles
{
    private const long MaxBytes = 512 * 1024;
    private static readonly string[] ConfigExtensions = ["js", "mjs", "cjs", "ts", "mts", "cts"];

    public static string? Read(string directory, string name)
    {
        try
        {
            var file = new FileInfo(Path.Combine(directory, name));
            return file.Exists && file.Length <= MaxBytes ? File.ReadAllText(file.FullName) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first of the files that exists.</summary>
    public static string? ReadAny(string directory, IEnumerable<string> names) => names.Select(name => Read(directory, name)).FirstOrDefault(text => text is not null);

    public static string? ReadFirstLine(string directory, string name) =>
        Read(directory, name)?.Split('\n').Select(line => line.Split('#')[0].Trim()).FirstOrDefault(line => line.Length > 0);

    public static bool Exists(string directory, string name) => File.Exists(Path.Combine(directory, name));

    /// <summary>The configuration of a tool: <c>base.config.js</c> in all its spellings.</summary>
    public static string? ReadConfig(string directory, string tool) =>
        ReadAny(directory, ConfigExtensions.Select(extension => $"{tool}.{extension}"));

    /// <summary>The value of the first group named <c>value</c>, as a directory inside the project; null without one.</summary>
    public static string? MatchPath(Regex pattern, string? text)
    {
        if (text is null || pattern.Match(text) is not { Success: true } match) return null;
        return Core.Deployments.RelativePath.TryNormalize(match.Groups["value"].Value, out var path) && path.Length > 0 ? path : null;
    }
}
