using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Platform.AppHost;

/// <summary>Reads a file of <c>NAME=value</c> lines. What the environment already says wins; nothing in it is executed or expanded.</summary>
internal static partial class DotEnv
{
    private const string Section = "DotEnv";
    private static readonly string[] SecretMarks = ["SECRET", "TOKEN", "PASS", "KEY", "CREDENTIAL", "DATABASE_URL", "REDIS_URL", "MONGODB_URI", "CONNECTIONSTRINGS"];

    public static void Load(string file, IConfigurationManager configuration)
    {
        if (!File.Exists(file)) return;
        foreach (var (name, value) in Parse(File.ReadLines(file)))
        {
            var key = name.Replace("__", ":", StringComparison.Ordinal);
            if (configuration[key] is not null) continue;
            configuration[key] = value;
            configuration[$"{Section}:{name}"] = value;
        }
    }

    /// <summary>What the file says that is no secret, for all projects; secrets go only to those that need them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> SharedSettings(IConfiguration configuration) => configuration
        .GetSection(Section)
        .GetChildren()
        .Where(entry => entry.Value is not null && !SecretMarks.Any(mark => entry.Key.Contains(mark, StringComparison.OrdinalIgnoreCase)))
        .Select(entry => KeyValuePair.Create(entry.Key, entry.Value!));

    internal static IEnumerable<KeyValuePair<string, string>> Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var match = Assignment().Match(line);
            if (!match.Success) continue;
            var value = match.Groups["value"].Value.Trim();
            if (value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0]) value = value[1..^1];
            yield return KeyValuePair.Create(match.Groups["name"].Value, value);
        }
    }

    [GeneratedRegex(@"^\s*(export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();
}
