using System.Globalization;

namespace Platform.Api.Common.Limits;

/// <summary>What the answer to a request says about limits: the tightest of all that it was counted by.</summary>
internal sealed class RateLimitStanding(RateLimitState first)
{
    private RateLimitState _tightest = first;

    /// <summary>The request was counted by one more.</summary>
    public void Add(RateLimitState state)
    {
        if (!state.Allowed || state.Remaining < _tightest.Remaining) _tightest = state;
    }

    public void WriteTo(IHeaderDictionary headers)
    {
        var reset = Math.Max(1, (int)Math.Ceiling(_tightest.Reset.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Limit"] = _tightest.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = _tightest.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset;
        if (!_tightest.Allowed) headers.RetryAfter = reset;
    }
}
