using System.Globalization;

namespace Platform.Api.Piston;

/// <summary>
/// Selectors of versions as npm knows them: <c>*</c>, <c>3</c>, <c>3.x</c>, <c>^1.2.3</c>, <c>~1.2</c>, <c>&gt;=1.2 &lt;2</c>, <c>1.2 - 2</c>,
/// and several of them with <c>||</c>. Pre-releases do not occur among languages.
/// </summary>
internal static class SemverRange
{
    private const int MaxLength = 256;

    /// <summary>False also when one of the two cannot be read.</summary>
    public static bool Contains(string range, string version) =>
        range.Length <= MaxLength && Partial.Read(version) is { } wanted && wanted.Count == 3
        && range.Split("||").Any(part => Bounds(part.Trim()) is { } bounds && bounds.All(bound => bound.Holds(wanted.Lowest)));

    /// <summary>What must hold together; null when it cannot be read.</summary>
    private static List<Bound>? Bounds(string part)
    {
        var bounds = new List<Bound>();
        if (part.Split(" - ") is [var from, var to])
            return Partial.Read(from.Trim()) is { } low && Partial.Read(to.Trim()) is { } high ? [new Bound(low.Lowest, null), new Bound(null, high.Above)] : null;

        foreach (var word in Join(part.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Read(word) is not { } bound) return null;
            bounds.Add(bound);
        }

        return bounds;
    }

    /// <summary><c>&gt;= 1.2</c> is one comparator, whatever blanks it has.</summary>
    private static IEnumerable<string> Join(string[] words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            var isOperator = words[index].AsSpan().TrimStart("<>=^~").IsEmpty;
            if (!isOperator || index + 1 == words.Length) yield return words[index];
            else yield return words[index] + words[++index];
        }
    }

    private static Bound? Read(string word)
    {
        var number = word.TrimStart('<', '>', '=', '^', '~');
        if (Partial.Read(number) is not { } given) return null;
        return word[..^number.Length] switch
        {
            "" or "=" => new Bound(given.Lowest, given.Above),
            ">=" => new Bound(given.Lowest, null),
            ">" => new Bound(given.Above, null) { IsNever = given.Above is null },
            "<" => new Bound(null, given.Lowest),
            "<=" => new Bound(null, given.Above),
            "~" or "~>" => new Bound(given.Lowest, given.Count > 1 ? given.Above2 : given.Above),
            "^" => new Bound(given.Lowest, given.AboveCompatible),
            _ => null,
        };
    }

    private readonly record struct Bound((int, int, int)? AtLeast, (int, int, int)? Below)
    {
        /// <summary>More than any version.</summary>
        public bool IsNever { get; init; }

        public bool Holds((int, int, int) version) =>
            !IsNever && (AtLeast is not { } least || version.CompareTo(least) >= 0) && (Below is not { } below || version.CompareTo(below) < 0);
    }

    /// <summary>Up to three numbers; what is left out or a wildcard stands for any.</summary>
    private sealed record Partial(int Major, int Minor, int Patch, int Count)
    {
        public (int, int, int) Lowest => (Major, Minor, Patch);

        /// <summary>The first version that it does not stand for; null when it stands for all.</summary>
        public (int, int, int)? Above => Count switch
        {
            0 => null,
            1 => (Major + 1, 0, 0),
            2 => (Major, Minor + 1, 0),
            _ => (Major, Minor, Patch + 1),
        };

        public (int, int, int)? Above2 => (Major, Minor + 1, 0);

        /// <summary>The first version that may break what worked: the first number that is not zero has changed.</summary>
        public (int, int, int)? AboveCompatible => Count switch
        {
            0 => null,
            _ when Major > 0 || Count == 1 => (Major + 1, 0, 0),
            _ when Minor > 0 || Count == 2 => (0, Minor + 1, 0),
            _ => (0, 0, Patch + 1),
        };

        public static Partial? Read(string text)
        {
            // Build metadata says nothing about order.
            var parts = text.TrimStart('v').Split('+')[0].Split('.');
            if (parts.Length > 3) return null;
            Span<int> numbers = [0, 0, 0];
            var count = 0;
            for (var index = 0; index < parts.Length; index++)
            {
                if (parts[index] is "" or "*" or "x" or "X") return parts[index].Length == 0 && parts.Length > 1 ? null : new Partial(numbers[0], numbers[1], numbers[2], count);
                if (!int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index]) || numbers[index] == int.MaxValue) return null;
                count++;
            }

            return new Partial(numbers[0], numbers[1], numbers[2], count);
        }
    }
}
