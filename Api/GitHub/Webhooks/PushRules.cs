using System.Text.RegularExpressions;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>Which pushes deploy nothing.</summary>
internal static partial class PushRules
{
    // GitHub's own, https://docs.github.com/actions/managing-workflow-runs/skipping-workflow-runs, and ours.
    private static readonly string[] SkipMarkers =
        ["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "[skip deploy]", "[deploy skip]"];

    /// <summary>Whether a commit's message, or the title of a pull request, asks to be left alone.</summary>
    public static bool IsSkipped(string? message) =>
        message is not null && (SkipMarkers.Any(marker => message.Contains(marker, StringComparison.OrdinalIgnoreCase)) || SkipTrailer().IsMatch(message));

    /// <summary>
    /// Whether a push touches what a project watches. People write paths with and without a slash at their ends, and mean the directory with
    /// all that is in it; one that starts with <c>!</c> takes out.
    /// </summary>
    public static bool Touches(IReadOnlyList<string> watchPaths, IEnumerable<string> files)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        var (any, includes) = (false, false);
        foreach (var path in watchPaths)
        {
            var isExclude = path.TrimStart().StartsWith('!');
            var pattern = path.Trim().TrimStart('!').Replace('\\', '/');
            if (pattern.StartsWith("./", StringComparison.Ordinal)) pattern = pattern[2..];
            pattern = pattern.Trim('/');
            if (pattern.Length == 0) continue;
            any = true;
            includes |= !isExclude;
            foreach (var each in new[] { pattern, pattern + "/**" })
            {
                if (isExclude) matcher.AddExclude(each);
                else matcher.AddInclude(each);
            }
        }

        if (!any) return true;
        if (!includes) matcher.AddInclude("**");
        return matcher.Match(files).HasMatches;
    }

    /// <summary>The last line, after an empty one or other trailers.</summary>
    [GeneratedRegex(@"\nskip-checks: ?true\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex SkipTrailer();
}
