using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Core.Deployments;

/// <summary>One rule of <c>_redirects</c>.</summary>
/// <param name="From">What it matches.</param>
/// <param name="Query">Parameters that the query must have; a value that starts with a colon captures.</param>
/// <param name="To">A path of the site, or for redirects an address elsewhere, with placeholders.</param>
/// <param name="Status">200 and 404 answer with a file of the site; others redirect.</param>
/// <param name="Force">Applies even where the site has a file.</param>
public sealed record SiteRedirect(SitePattern From, IReadOnlyList<KeyValuePair<string, string>> Query, string To, int Status, bool Force)
{
    /// <summary>It answers with a file instead of sending the visitor elsewhere.</summary>
    public bool IsRewrite => Status is 200 or 404;
}

/// <summary>A line of a rules file that is not understood, and why; it is left out.</summary>
public sealed record SiteRuleProblem(int Line, string Message);

/// <summary>The rules of a site's <c>_redirects</c> file, in Netlify's syntax.</summary>
public sealed partial class SiteRedirects
{
    /// <summary>The file's name at the root of a site; it is not served.</summary>
    public const string FileName = "_redirects";

    /// <summary>Longest file in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxRules = 1000;
    private const int MaxLine = 2000;
    private static readonly int[] Statuses = [200, 301, 302, 303, 307, 308, 404];

    /// <summary>No rules.</summary>
    public static readonly SiteRedirects None = new([], []);

    private SiteRedirects(IReadOnlyList<SiteRedirect> rules, IReadOnlyList<SiteRuleProblem> problems)
    {
        (Rules, Problems) = (rules, problems);
        HasForced = rules.Any(rule => rule.Force);
    }

    public IReadOnlyList<SiteRedirect> Rules { get; }

    public IReadOnlyList<SiteRuleProblem> Problems { get; }

    /// <summary>Some rule wins over files.</summary>
    public bool HasForced { get; }

    public static SiteRedirects Parse(string text)
    {
        var rules = new List<SiteRedirect>();
        var problems = new List<SiteRuleProblem>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = WithoutComment(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (rules.Count == MaxRules)
            {
                problems.Add(new SiteRuleProblem(number, $"more than {MaxRules} rules"));
                break;
            }

            if (line.Length > MaxLine) problems.Add(new SiteRuleProblem(number, $"a rule has at most {MaxLine} characters"));
            else if (ParseRule(words, out var problem) is { } rule) rules.Add(rule);
            else problems.Add(new SiteRuleProblem(number, problem!));
        }

        return new SiteRedirects(rules, problems);
    }

    private static string WithoutComment(string line)
    {
        var cut = line.StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
        return cut < 0 ? line : line[..cut];
    }

    private static SiteRedirect? ParseRule(string[] words, out string? problem)
    {
        if (!SitePattern.TryParse(words[0], out var from, out problem)) return null;
        var at = 1;
        var query = new List<KeyValuePair<string, string>>();
        for (; at < words.Length && !IsTarget(words[at]) && words[at].Split('=', 2) is [{ Length: > 0 } name, var value]; at++) query.Add(KeyValuePair.Create(name, value));
        if (at == words.Length || !IsTarget(words[at]))
        {
            problem = "the target is missing: a path, or an address that starts with http:// or https://";
            return null;
        }

        var to = words[at++];
        var (status, force) = (301, false);
        if (at < words.Length && StatusWord().Match(words[at]) is { Success: true } match)
        {
            status = int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
            force = match.Groups["force"].Length > 0;
            at++;
        }

        problem = at < words.Length ? $"the condition {words[at]} is not supported" : CheckTarget(to, status);
        return problem is null ? new SiteRedirect(from, query, Encode(to), status, force) : null;
    }

    private static string? CheckTarget(string to, int status)
    {
        if (!Statuses.Contains(status)) return $"the status {status} is not supported";
        if (to.StartsWith('/')) return to.StartsWith("//", StringComparison.Ordinal) || to.Contains('\\', StringComparison.Ordinal) ? "a path starts with one slash" : null;
        if (status is 200 or 404) return "a rewrite stays within the site; requests to other hosts are not passed on";
        var authority = to.AsSpan(to.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = authority.IndexOfAny('/', '?', '#');
        if (end >= 0) authority = authority[..end];
        return Placeholder().IsMatch(authority) || authority.IsEmpty || authority.ContainsAny('@', '\\') || !Uri.TryCreate(to, UriKind.Absolute, out _)
            ? "the target is not a valid address, or its host has a placeholder"
            : null;
    }

    private static bool IsTarget(string word) =>
        word.StartsWith('/') || word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>A header holds ASCII only.</summary>
    private static string Encode(string target)
    {
        if (!target.Any(character => character is < '!' or > '~')) return target;
        var result = new StringBuilder();
        foreach (var rune in target.EnumerateRunes()) result.Append(rune.Value is >= '!' and <= '~' ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        return result.ToString();
    }

    [GeneratedRegex("^(?<status>[0-9]{3})(?<force>!?)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StatusWord();

    [GeneratedRegex(":(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    internal static partial Regex Placeholder();
}
