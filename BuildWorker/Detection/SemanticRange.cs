using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>A range of versions as npm writes it: <c>&gt;=18 &lt;23</c>, <c>^20.1 || 22.x</c>, <c>18 - 22</c>. Labels of prereleases are ignored.</summary>
internal sealed partial class SemanticRange
{
    private readonly IReadOnlyList<(Version From, Version Below)> _spans;

    private SemanticRange(IReadOnlyList<(Version From, Version Below)> spans) => _spans = spans;

    /// <summary>Majors that the range touches by naming a version of them; an open end names none.</summary>
    public IReadOnlySet<int> Majors => _spans.Where(span => span.Below.Major - span.From.Major <= 1).Select(span => span.From.Major).ToHashSet();

    private static Version Highest { get; } = new(int.MaxValue, 0, 0);

    /// <summary>Null when the text is no range.</summary>
    public static SemanticRange? TryParse(string text)
    {
        var spans = new List<(Version, Version)>();
        foreach (var alternative in text.Split("||"))
        {
            if (ParseAlternative(alternative.Trim()) is not { } span) return null;
            spans.Add(span);
        }

        return new SemanticRange(spans);
    }

    public bool Contains(string version)
    {
        var asked = Version.Parse(version);
        return _spans.Any(span => span.From <= asked && asked < span.Below);
    }

    private static (Version From, Version Below)? ParseAlternative(string text)
    {
        if (text is "" or "*" or "x") return (new Version(0, 0, 0), Highest);
        if (Hyphen().Match(text) is { Success: true } hyphen)
        {
            return Read(hyphen.Groups["from"].Value) is { } low && Read(hyphen.Groups["to"].Value) is { } high ? (low.From, high.Below) : null;
        }

        var (from, below) = (new Version(0, 0, 0), Highest);
        foreach (var match in Comparator().Matches(text).Cast<Match>())
        {
            if (Limit(match.Groups["operator"].Value, match.Groups["version"].Value) is not { } limit) return null;
            if (limit.From > from) from = limit.From;
            if (limit.Below < below) below = limit.Below;
        }

        // Everything that is not a comparator makes the text something else.
        return Comparator().Replace(text, "").Trim().Length == 0 ? (from, below) : null;
    }

    private static (Version From, Version Below)? Limit(string comparison, string version)
    {
        if (Read(version) is not { } range) return null;
        var (from, below, parts) = range;
        return comparison switch
        {
            "" or "=" => (from, below),
            ">=" => (from, Highest),
            ">" => (below, Highest),
            "<" => (new Version(0, 0, 0), from),
            "<=" => (new Version(0, 0, 0), below),
            "~" => (from, parts == 1 ? below : new Version(from.Major, from.Minor + 1, 0)),
            "^" => (from, new Version(from.Major + 1, 0, 0)),
            _ => null,
        };
    }

    /// <summary>The versions that a possibly incomplete one stands for, and how many of its parts are given.</summary>
    private static (Version From, Version Below, int Parts)? Read(string text)
    {
        var parts = text.TrimStart('v', 'V').Split('-', '+')[0].Split('.').TakeWhile(part => part is not ("x" or "X" or "*")).ToArray();
        var numbers = new List<int>();
        foreach (var part in parts)
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000) return null;
            numbers.Add(number);
        }

        return numbers switch
        {
            [] => (new Version(0, 0, 0), Highest, 0),
            [var major] => (new Version(major, 0, 0), new Version(major + 1, 0, 0), 1),
            [var major, var minor] => (new Version(major, minor, 0), new Version(major, minor + 1, 0), 2),
            [var major, var minor, var patch] => (new Version(major, minor, patch), new Version(major, minor, patch + 1), 3),
            _ => null,
        };
    }

    [GeneratedRegex(@"^(?<from>[vV]?[0-9][^\s]*)\s+-\s+(?<to>[vV]?[0-9][^\s]*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Hyphen();

    [GeneratedRegex(@"(?<operator>>=|<=|>|<|=|~|\^)?\s*(?<version>[vV]?[0-9][0-9A-Za-z.*+-]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comparator();
}
