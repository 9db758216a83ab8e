using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Core.Deployments.Logs;

/// <summary>
/// Replaces secrets in a log line: the values of the build's variables in the forms of <see cref="SecretForms"/>, credentials in addresses, and what
/// looks like a token of a well-known service. It sees whole lines, so that a secret that arrived in pieces is found too, also between colours.
/// </summary>
public sealed partial class SecretMasker
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "••••••";

    /// <summary>Shorter values occur by chance: they are masked only where they stand alone.</summary>
    public const int MinLength = 8;

    /// <summary>Still shorter ones are in every log.</summary>
    public const int MinAlone = 4;

    // Values that every build prints about itself: masking them would hide nothing and spoil the log.
    private static readonly HashSet<string> Commonplace = new(StringComparer.OrdinalIgnoreCase) { "production", "development" };
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        ["://", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "npm_", "xox", "sk-", "sk_live_", "rk_live_", "AKIA", "ASIA", "eyJ"], StringComparison.Ordinal);

    private readonly string[] _secrets;
    private readonly SearchValues<string> _anySecret;
    private readonly string[] _alone;
    private readonly SearchValues<string> _anyAlone;

    /// <param name="environment">The variables of the build.</param>
    public SecretMasker(IReadOnlyDictionary<string, string> environment)
    {
        string[] values = [.. environment.Values.SelectMany(value => value.Split('\n').Append(value)).Select(value => value.Trim()).Distinct()];
        // "build" or "true" would spoil the log and hide nothing.
        _alone = [.. values.Where(value => value.Length is >= MinAlone and < MinLength && !value.All(char.IsLetter))];
        _anyAlone = SearchValues.Create(_alone, StringComparison.Ordinal);
        _secrets = [.. values
            .Where(value => value.Length >= MinLength && !Commonplace.Contains(value))
            .SelectMany(SecretForms.Of)
            .Where(form => form.Length >= MinLength && !Commonplace.Contains(form))
            .Distinct()
            // The longer one first: it may contain a shorter one.
            .OrderByDescending(value => value.Length)];
        _anySecret = SearchValues.Create(_secrets, StringComparison.Ordinal);
        LongestSecret = _secrets.Concat(_alone).Select(secret => secret.Length).DefaultIfEmpty().Max();
    }

    /// <summary>Length of the longest text that is masked; 0 when there is none.</summary>
    public int LongestSecret { get; }

    /// <summary>The line as it may be stored.</summary>
    public string Apply(string line)
    {
        if (Find(line) is { Count: > 0 } found) line = Replace(line, found, position => position);
        return line.Contains('\e', StringComparison.Ordinal) ? ApplyBetweenColours(line) : line;
    }

    /// <summary>A terminal shows a secret as one word although a colour begins in the middle of it.</summary>
    private string ApplyBetweenColours(string line)
    {
        var (plain, positions) = (new StringBuilder(line.Length), new List<int>(line.Length));
        var at = 0;
        foreach (var escape in Escapes().EnumerateMatches(line))
        {
            Take(escape.Index);
            at = escape.Index + escape.Length;
        }

        Take(line.Length);
        if (plain.Length == line.Length || Find(plain.ToString()) is not { Count: > 0 } found) return line;
        return Replace(line, found, position => positions[position]);

        void Take(int end)
        {
            plain.Append(line, at, end - at);
            for (; at < end; at++) positions.Add(at);
        }
    }

    /// <summary>Puts the mask in the place of each part; what a terminal does not show of it stays.</summary>
    private static string Replace(string line, List<(int Start, int End)> parts, Func<int, int> positionOf)
    {
        var (result, written) = (new StringBuilder(line.Length), 0);
        foreach (var (start, end) in parts)
        {
            var (first, last) = (positionOf(start), positionOf(end - 1));
            result.Append(line, written, first - written).Append(Mask);
            foreach (var escape in Escapes().EnumerateMatches(line.AsSpan(first, last - first + 1))) result.Append(line, first + escape.Index, escape.Length);
            written = last + 1;
        }

        return result.Append(line, written, line.Length - written).ToString();
    }

    /// <summary>The parts of a text to be masked, in order and apart from each other.</summary>
    private List<(int Start, int End)>? Find(string text)
    {
        List<(int Start, int End)>? found = null;
        if (text.AsSpan().ContainsAny(_anySecret))
        {
            foreach (var secret in _secrets)
            {
                for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + secret.Length, StringComparison.Ordinal))
                    (found ??= []).Add((at, at + secret.Length));
            }
        }

        if (text.AsSpan().ContainsAny(_anyAlone))
        {
            foreach (var secret in _alone)
            {
                for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + 1, StringComparison.Ordinal))
                    if (!IsWord(text, at - 1) && !IsWord(text, at + secret.Length)) (found ??= []).Add((at, at + secret.Length));
            }
        }

        if (text.AsSpan().ContainsAny(Signs))
        {
            foreach (var credential in Credentials().EnumerateMatches(text))
            {
                var start = text.IndexOf("://", credential.Index, StringComparison.Ordinal) + 3;
                (found ??= []).Add((start, credential.Index + credential.Length - 1));
            }

            foreach (var token in Tokens().EnumerateMatches(text)) (found ??= []).Add((token.Index, token.Index + token.Length));
        }

        return found is null ? null : Join(found);
    }

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');

    /// <summary>Of parts that overlap one is made.</summary>
    private static List<(int Start, int End)> Join(List<(int Start, int End)> parts)
    {
        parts.Sort();
        var joined = new List<(int Start, int End)> { parts[0] };
        foreach (var part in parts)
        {
            if (part.Start < joined[^1].End) joined[^1] = (joined[^1].Start, Math.Max(joined[^1].End, part.End));
            else joined.Add(part);
        }

        return joined;
    }

    [GeneratedRegex(@"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/?#'""]{1,512}@", RegexOptions.NonBacktracking)]
    private static partial Regex Credentials();

    // GitHub, GitLab, npm, Slack, OpenAI and Stripe, AWS, and signed tokens of any service.
    [GeneratedRegex(
        @"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{36}\b|xox[abeoprs]-[A-Za-z0-9-]{10,}"
        + @"|sk-[A-Za-z0-9_-]{32,}|[sr]k_live_[A-Za-z0-9]{20,}|(AKIA|ASIA)[A-Z0-9]{16}\b|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tokens();

    // Colours and other control sequences, links and titles of the window, and the short ones.
    [GeneratedRegex(@"\e(\[[0-?]*[ -/]*[@-~]|\][^\e\uFFFD]*(\e\\|\uFFFD)|[ -/]*[0-Z\\^-~])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escapes();
}
