using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Api.Deployments;

/// <summary>Reads the environment of a build: an object of strings, or lines of <c>NAME=value</c>.</summary>
internal static partial class BuildVariables
{
    public const int MaxCount = 200;
    public const int MaxTotalLength = 64 * 1024;

    public static bool TryParse(
        JsonElement? given, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? variables, [NotNullWhen(false)] out string? problem)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        problem = given switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
            { ValueKind: JsonValueKind.Object } element => ReadObject(element, result),
            { ValueKind: JsonValueKind.String } element => ReadLines(element.GetString()!, result),
            _ => "Environment variables are an object, or lines of NAME=value.",
        };
        problem ??= Check(result);
        variables = problem is null ? result : null;
        return problem is null;
    }

    private static string? ReadObject(JsonElement element, Dictionary<string, string> result)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String) return $"The value of {property.Name} must be a string.";
            result[property.Name] = property.Value.GetString()!;
        }

        return null;
    }

    private static string? ReadLines(string text, Dictionary<string, string> result)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#')) continue;
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            if (cut <= 0) return "Each line of the environment variables must be NAME=value.";
            result[line[..cut].TrimEnd()] = Unquote(line[(cut + 1)..].TrimStart());
        }

        return null;
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] is ('"' or '\'') && value[^1] == value[0] ? value[1..^1] : value;

    private static string? Check(Dictionary<string, string> variables)
    {
        if (variables.Count > MaxCount) return $"There may be up to {MaxCount} environment variables.";
        if (variables.Sum(entry => entry.Key.Length + entry.Value.Length) > MaxTotalLength)
            return $"Environment variables may have up to {MaxTotalLength} characters in all.";
        if (variables.Keys.FirstOrDefault(name => !Name().IsMatch(name)) is not null)
            return "The name of an environment variable has letters, digits and underscores, and does not start with a digit.";
        return variables.FirstOrDefault(entry => entry.Value.Contains('\0', StringComparison.Ordinal)).Key is { } name
            ? $"The value of {name} contains a NUL character."
            : null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
