using System.Buffers;

namespace Platform.Core.Deployments;

/// <summary>Headers that a site adds to answers whose path matches.</summary>
public sealed record SiteHeaderRule(SitePattern Path, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>The rules of a site's <c>_headers</c> file, in Netlify's syntax: a path, and below it indented <c>Name: value</c>.</summary>
public sealed class SiteHeaders
{
    /// <summary>The file's name at the root of a site; it is not served.</summary>
    public const string FileName = "_headers";

    /// <summary>Longest file in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxRules = 500;
    private const int MaxHeaders = 50;
    private const int MaxValue = 4096;

    // What frames the message, what speaks for the host itself, and cookies, which could reach the sites beside this one.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Ranges", "Age", "Allow", "Alt-Svc", "Basic-Auth", "Connection", "Content-Encoding", "Content-Length", "Content-Range", "Date", "ETag", "Keep-Alive",
        "Last-Modified", "Location", "Proxy-Authenticate", "Proxy-Connection", "Server", "Set-Cookie", "Set-Cookie2", "Status", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Vary", "WWW-Authenticate",
    };

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>No rules.</summary>
    public static readonly SiteHeaders None = new([], []);

    private SiteHeaders(IReadOnlyList<SiteHeaderRule> rules, IReadOnlyList<SiteRuleProblem> problems) => (Rules, Problems) = (rules, problems);

    public IReadOnlyList<SiteHeaderRule> Rules { get; }

    public IReadOnlyList<SiteRuleProblem> Problems { get; }

    public static SiteHeaders Parse(string text)
    {
        var rules = new List<SiteHeaderRule>();
        var problems = new List<SiteRuleProblem>();
        List<KeyValuePair<string, string>>? current = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.Trim();
            if (content.Length == 0 || content.StartsWith('#')) continue;
            string? problem;
            if (char.IsWhiteSpace(line[0]))
            {
                problem = AddHeader(current, content);
            }
            else if (rules.Count == MaxRules)
            {
                problems.Add(new SiteRuleProblem(number, $"more than {MaxRules} paths"));
                break;
            }
            else
            {
                current = null;
                if (SitePattern.TryParse(content, out var path, out problem)) rules.Add(new SiteHeaderRule(path, current = []));
            }

            if (problem is not null) problems.Add(new SiteRuleProblem(number, problem));
        }

        return new SiteHeaders([.. rules.Where(rule => rule.Headers.Count > 0)], problems);
    }

    /// <summary>The headers of a path; values of the same header in several rules are joined.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> For(string path)
    {
        if (Rules.Count == 0) return [];
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var rule in Rules)
        {
            if (!rule.Path.Matches(path, out _)) continue;
            foreach (var (name, value) in rule.Headers)
            {
                var joined = found.TryGetValue(name, out var earlier) ? $"{earlier}, {value}" : value;
                if (joined.Length <= MaxValue && (found.Count < MaxHeaders || earlier is not null)) found[name] = joined;
            }
        }

        return [.. found];
    }

    private static string? AddHeader(List<KeyValuePair<string, string>>? headers, string content)
    {
        if (headers is null) return "a header stands below the path that it is for";
        var cut = content.IndexOf(':', StringComparison.Ordinal);
        if (cut <= 0) return "a header is written as Name: value";
        var (name, value) = (content[..cut].TrimEnd(), content[(cut + 1)..].Trim());
        if (name.AsSpan().ContainsAnyExcept(Token)) return $"{name} is not the name of a header";
        if (Reserved.Contains(name)) return $"{name} cannot be set by a site";
        if (value.Length is 0 or > MaxValue || value.Any(character => character is < ' ' or > '~')) return $"the value of {name} is empty, too long or not plain ASCII";
        if (headers.Count == MaxHeaders) return $"a path has at most {MaxHeaders} headers";
        headers.Add(KeyValuePair.Create(name, value));
        return null;
    }
}
