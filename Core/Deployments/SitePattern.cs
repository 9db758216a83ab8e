using System.Diagnostics.CodeAnalysis;

namespace Platform.Core.Deployments;

/// <summary>A pattern of paths as <c>_redirects</c> and <c>_headers</c> write them: <c>/news/:year/*</c>. A slash at the end makes no difference.</summary>
public sealed class SitePattern
{
    /// <summary>The name under which the rest of a path is captured.</summary>
    public const string Splat = "splat";

    private const int MaxSegments = 32;
    private readonly string[] _segments;
    private readonly bool _hasSplat;

    private SitePattern(string[] segments, bool hasSplat) => (_segments, _hasSplat) = (segments, hasSplat);

    /// <summary>Fails with the problem, for people.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SitePattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        (pattern, problem) = (null, null);
        if (!text.StartsWith('/'))
        {
            problem = "a path starts with a slash; other hosts cannot be matched";
            return false;
        }

        var segments = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var hasSplat = segments is [.., "*"];
        if (hasSplat) segments = segments[..^1];
        if (segments.Any(segment => segment.Contains('*', StringComparison.Ordinal))) problem = "a star is allowed only as the last part of a path";
        else if (segments.Length > MaxSegments) problem = $"a path has at most {MaxSegments} parts";
        else if (segments.Any(segment => segment is ":")) problem = "a placeholder needs a name";
        if (problem is not null) return false;
        pattern = new SitePattern([.. segments.Select(segment => segment.StartsWith(':') ? segment : Uri.UnescapeDataString(segment))], hasSplat);
        return true;
    }

    /// <param name="path">A decoded path with its leading slash.</param>
    /// <param name="captures">What placeholders and the star stand for; null when there are none.</param>
    public bool Matches(string path, out Dictionary<string, string>? captures)
    {
        captures = null;
        var rest = path.AsSpan().Trim('/');
        foreach (var segment in _segments)
        {
            if (rest.IsEmpty) return false;
            var cut = rest.IndexOf('/');
            var part = cut < 0 ? rest : rest[..cut];
            rest = cut < 0 ? default : rest[(cut + 1)..].TrimStart('/');
            if (segment[0] == ':') (captures ??= [])[segment[1..]] = part.ToString();
            else if (!part.SequenceEqual(segment)) return false;
        }

        if (_hasSplat) (captures ??= [])[Splat] = rest.ToString();
        return _hasSplat || rest.IsEmpty;
    }
}
