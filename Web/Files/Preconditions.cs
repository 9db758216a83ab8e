using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Platform.Web.Files;

/// <summary>The conditional headers of RFC 9110, section 13, in the order in which they count.</summary>
internal static class Preconditions
{
    private static readonly EntityTagHeaderValue Any = EntityTagHeaderValue.Any;

    /// <returns>304 or 412; 0 when the request goes on.</returns>
    public static int Evaluate(IHeaderDictionary headers, string tag, DateTimeOffset? modified)
    {
        if (headers.IfMatch is { Count: > 0 } match)
        {
            if (!Contains(match, tag, strong: true)) return StatusCodes.Status412PreconditionFailed;
        }
        else if (headers.IfUnmodifiedSince is { Count: > 0 } unmodified && modified is { } changed && TryDate(unmodified, out var since) && changed > since)
        {
            return StatusCodes.Status412PreconditionFailed;
        }

        if (headers.IfNoneMatch is { Count: > 0 } none) return Contains(none, tag, strong: false) ? StatusCodes.Status304NotModified : 0;
        return headers.IfModifiedSince is { Count: > 0 } date && modified is { } at && TryDate(date, out var seen) && at <= seen ? StatusCodes.Status304NotModified : 0;
    }

    /// <summary>A range may be answered: there is no condition, or it names exactly this content.</summary>
    public static bool AllowsRange(IHeaderDictionary headers, string tag, DateTimeOffset? modified)
    {
        if (headers.IfRange is not { Count: > 0 } condition) return true;
        var text = condition.ToString();
        if (text.StartsWith('"') || text.StartsWith("W/", StringComparison.Ordinal)) return text == tag;
        return modified is { } at && TryDate(condition, out var date) && date == at;
    }

    private static bool Contains(StringValues header, string tag, bool strong)
    {
        // What nearly every browser sends: the one tag that it was given.
        if (header.Count == 1 && header[0] == tag) return true;
        if (!EntityTagHeaderValue.TryParseList([.. header.Select(value => value ?? "")], out var candidates)) return false;
        var own = new EntityTagHeaderValue(tag);
        foreach (var candidate in candidates)
        {
            if (candidate.Equals(Any) || candidate.Compare(own, strong)) return true;
        }

        return false;
    }

    private static bool TryDate(StringValues header, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(header.ToString(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
}
