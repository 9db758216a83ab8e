using System.Text.RegularExpressions;

namespace Platform.Api.Deployments;

/// <summary>Text without what only a terminal understands.</summary>
internal static partial class AnsiText
{
    public static string Strip(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? Sequence().Replace(text, "") : text;

    // ECMA-48: control sequences, strings up to their terminator (links, titles), and the two- and three-byte escapes; one that is cut off goes to its end.
    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]?)", RegexOptions.NonBacktracking)]
    private static partial Regex Sequence();
}
