using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Platform.Core.GitHub.Rest;

/// <summary>GitHub's refusals in the seam's terms; see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.</summary>
internal static class GitHubErrors
{
    public static async Task<GitHubException> CreateAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var message = Message(await response.Content.ReadAsStringAsync(cancellationToken)) ?? $"GitHub answered {(int)response.StatusCode}.";
        var retryAt = RetryAt(response, time);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new GitHubException(GitHubError.Unauthorized, message),
            HttpStatusCode.NotFound => new GitHubException(GitHubError.NotFound, message),
            HttpStatusCode.TooManyRequests => new GitHubException(GitHubError.RateLimited, message, retryAt),
            HttpStatusCode.Forbidden when retryAt is not null => new GitHubException(GitHubError.RateLimited, message, retryAt),
            HttpStatusCode.Forbidden => new GitHubException(GitHubError.Forbidden, message),
            >= HttpStatusCode.InternalServerError => new GitHubException(GitHubError.Unavailable, message),
            _ => new GitHubException(GitHubError.Failed, message),
        };
    }

    /// <summary>A limit of the hour names its end; one for too many requests at once names a wait.</summary>
    private static DateTimeOffset? RetryAt(HttpResponseMessage response, TimeProvider time)
    {
        if (response.Headers.RetryAfter is { } wait) return wait.Date ?? time.GetUtcNow() + wait.Delta;
        return Header(response, "X-RateLimit-Remaining") == "0" && long.TryParse(Header(response, "X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
            ? DateTimeOffset.FromUnixTimeSeconds(reset)
            : null;
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string? Message(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.ErrorAnswer)?.Message;
        }
        catch (JsonException)
        {
            // A page of a proxy: the status says enough.
            return null;
        }
    }
}
