using System.Globalization;

namespace Platform.Api.Common.Limits;

/// <summary>What the answer to a request says about limits: the tightest of all that it was counted by.</summary>
internal sealed class RateLimitStanding(RateLimitState tightest)
{
    /// <summary>The request was counted by one more.</summary>
    public void Add(RateLimitState state)
    {
        if (!state.Allowed || state.Remaining < tightest.Remaining) tightest = state;
    }

    public void WriteTo(IHeaderDictionary headers)
    {
        var reset = Math.Max(1, (int)Math.Ceiling(tightest.Reset.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Limit"] = tightest.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = tightest.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset;
        if (!tightest.Allowed) headers.RetryAfter = reset;
    }
}
