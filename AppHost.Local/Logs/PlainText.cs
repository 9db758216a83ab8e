using System.Text.RegularExpressions;

namespace Platform.AppHost.Local.Logs;

/// <summary>Takes terminal sequences out of what processes print: they could rewrite the operator's screen, and mean nothing in a browser.</summary>
internal static partial class PlainText
{
    public static string Of(string text) => Sequence().Replace(text, "");

    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(?:\a|\e\\)?|\e.|[\x00-\x08\x0b-\x1f\x7f]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sequence();
}
