using System.Globalization;

namespace Platform.Web.Files;

/// <summary>The part of a file that a request asks for.</summary>
internal readonly record struct RequestedRange(long From, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads a single range. False for anything else: other units, what is broken, and several ranges, which a server may answer with the whole
    /// file. A length of nothing means that the range lies outside of the file.
    /// </summary>
    public static bool TryRead(string? header, long size, out RequestedRange range)
    {
        range = default;
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return false;
        var text = header.AsSpan(Unit.Length).Trim();
        var dash = text.IndexOf('-');
        if (dash < 0 || text.Contains(',')) return false;
        var first = text[..dash].Trim();
        var last = text[(dash + 1)..].Trim();
        if (first.IsEmpty)
        {
            if (!TryNumber(last, out var suffix)) return false;
            var length = Math.Min(suffix, size);
            range = new RequestedRange(size - length, length);
            return true;
        }

        if (!TryNumber(first, out var from)) return false;
        var to = size - 1;
        if (!last.IsEmpty)
        {
            if (!TryNumber(last, out to) || to < from) return false;
            to = Math.Min(to, size - 1);
        }

        range = new RequestedRange(from, Math.Max(0, to - from + 1));
        return true;
    }

    /// <summary>Digits only; a number too large for the file is as good as its end.</summary>
    private static bool TryNumber(ReadOnlySpan<char> text, out long number)
    {
        number = long.MaxValue - 1;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9')) return false;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed < number) number = parsed;
        return true;
    }
}
