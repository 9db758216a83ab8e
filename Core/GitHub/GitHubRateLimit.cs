using System.Globalization;
using System.Net;

namespace Platform.Core.GitHub;

/// <summary>How GitHub says that it takes no more requests; see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.</summary>
internal static class GitHubRateLimit
{
    /// <summary>What GitHub asks for where it names no time.</summary>
    public static readonly TimeSpan Unnamed = TimeSpan.FromMinutes(1);

    /// <summary>When requests are taken again; null: the answer is about something else.</summary>
    public static DateTimeOffset? FindEnd(HttpResponseMessage response, string body, TimeProvider time)
    {
        if (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)) return null;
        // A limit of the hour names its end; one for too many requests at once names a wait, or nothing.
        if (response.Headers.RetryAfter is { } wait) return wait.Date ?? time.GetUtcNow() + wait.Delta;
        if (Header(response, "X-RateLimit-Remaining") == "0" && long.TryParse(Header(response, "X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset))
            return DateTimeOffset.FromUnixTimeSeconds(reset);
        return response.StatusCode == HttpStatusCode.TooManyRequests || body.Contains("rate limit", StringComparison.OrdinalIgnoreCase) ? time.GetUtcNow() + Unnamed : null;
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
