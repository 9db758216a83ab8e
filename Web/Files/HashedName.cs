using System.Text.RegularExpressions;

namespace Platform.Web.Files;

/// <summary>Recognises names that carry a hash of their content, as bundlers write them.</summary>
internal static partial class HashedName
{
    /// <summary>True when the last part of the name before its extension looks like a hash: <c>index-BfX3k2aQ.js</c>, <c>main.8f3c21ab.css</c>.</summary>
    public static bool Matches(string path)
    {
        var match = Pattern().Match(path);
        if (!match.Success) return false;
        // A word is no hash: it needs a digit, or letters of both cases.
        var hash = match.Groups["hash"].ValueSpan;
        return hash.ContainsAnyInRange('0', '9') || (hash.ContainsAnyInRange('a', 'z') && hash.ContainsAnyInRange('A', 'Z'));
    }

    [GeneratedRegex(@"[-.](?<hash>[A-Za-z0-9_]{8,40})(\.[A-Za-z0-9]{1,6}){1,2}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
