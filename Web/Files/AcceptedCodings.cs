using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Platform.Web.Files;

/// <summary>How much a client likes each content coding, from 0 (not at all) to 1.</summary>
internal readonly record struct AcceptedCodings(double Brotli, double Gzip, double Identity)
{
    // Browsers send a handful of different values; whoever sends others gets them read each time.
    private const int MaxKnown = 256;
    private static readonly ConcurrentDictionary<string, AcceptedCodings> Known = new(StringComparer.Ordinal);
    private static readonly AcceptedCodings Unreadable = new(0, 0, 1);

    public static AcceptedCodings Of(StringValues header)
    {
        if (header.Count != 1 || header[0] is not { } value) return Read(header);
        if (Known.TryGetValue(value, out var known)) return known;
        var codings = Read(header);
        if (value.Length <= MaxKnown && Known.Count < MaxKnown) Known.TryAdd(value, codings);
        return codings;
    }

    private static AcceptedCodings Read(StringValues header)
    {
        if (!StringWithQualityHeaderValue.TryParseStrictList(Texts(header), out var values)) return Unreadable;
        var rest = Quality(values, "*");
        // What is not mentioned: codings are not wanted, plain bytes are, but less than any coding that is.
        var identity = Quality(values, "identity") ?? (rest is 0 ? 0 : double.Epsilon);
        return new AcceptedCodings(Quality(values, "br") ?? rest ?? 0, Quality(values, "gzip") ?? Quality(values, "x-gzip") ?? rest ?? 0, identity);
    }

    private static string[] Texts(StringValues header) => [.. header.Select(value => value ?? "")];

    private static double? Quality(IList<StringWithQualityHeaderValue> values, string coding)
    {
        foreach (var value in values)
        {
            if (value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) return value.Quality ?? 1;
        }

        return null;
    }
}
