using System.Globalization;
using System.Text;

namespace Platform.Api.Execution.Judging;

/// <summary>Compares an output with what is expected of it. Bytes are bytes: nothing has to be UTF-8.</summary>
internal static class OutputCheck
{
    /// <summary>What numbers may be off by when a test does not say.</summary>
    public const double DefaultTolerance = 1e-6;

    private static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\v', '\f'];

    public static bool Passes(OutputChecker checker, ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, FloatToleranceRequest? tolerance) => checker switch
    {
        OutputChecker.Exact => actual.SequenceEqual(expected),
        OutputChecker.Trimmed => Lines(actual).SequenceEqual(Lines(expected), StringComparer.Ordinal),
        OutputChecker.Unordered => Lines(actual).Order(StringComparer.Ordinal).SequenceEqual(Lines(expected).Order(StringComparer.Ordinal), StringComparer.Ordinal),
        OutputChecker.Tokens => Tokens(actual).SequenceEqual(Tokens(expected), StringComparer.Ordinal),
        OutputChecker.Float => AreClose(Tokens(actual), Tokens(expected), tolerance),
        _ => throw new ArgumentOutOfRangeException(nameof(checker), checker, "There is no such checker."),
    };

    private static List<string> Lines(ReadOnlySpan<byte> text)
    {
        var lines = Text(text).Split('\n').Select(line => line.TrimEnd(Blanks)).ToList();
        var last = lines.FindLastIndex(line => line.Length > 0);
        lines.RemoveRange(last + 1, lines.Count - last - 1);
        return lines;
    }

    private static string[] Tokens(ReadOnlySpan<byte> text) => Text(text).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private static bool AreClose(string[] actual, string[] expected, FloatToleranceRequest? tolerance)
    {
        if (actual.Length != expected.Length) return false;
        var absolute = tolerance?.Absolute ?? (tolerance?.Relative is null ? DefaultTolerance : 0);
        var relative = tolerance?.Relative ?? (tolerance?.Absolute is null ? DefaultTolerance : 0);
        return actual.Zip(expected).All(pair => IsClose(pair.First, pair.Second, absolute, relative));
    }

    private static bool IsClose(string actual, string expected, double absolute, double relative)
    {
        if (actual == expected) return true;
        if (!TryNumber(actual, out var a) || !TryNumber(expected, out var e)) return false;
        if (double.IsNaN(a) || double.IsNaN(e)) return double.IsNaN(a) && double.IsNaN(e);
        if (double.IsInfinity(a) || double.IsInfinity(e)) return a.Equals(e);
        var distance = Math.Abs(a - e);
        return distance <= absolute || distance <= relative * Math.Abs(e);
    }

    private static bool TryNumber(string token, out double number)
    {
        // As C, Python, Java and JavaScript print them.
        switch (token.TrimStart('+', '-').ToUpperInvariant())
        {
            case "INF" or "INFINITY":
                number = token.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case "NAN":
                number = double.NaN;
                return true;
            default:
                return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
    }

    /// <summary>One character for each byte: what is compared is the same, and nothing is lost.</summary>
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
