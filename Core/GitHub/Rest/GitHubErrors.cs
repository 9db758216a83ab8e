using System.Net;
using System.Text.Json;

namespace Platform.Core.GitHub.Rest;

/// <summary>GitHub's refusals in the seam's terms; see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.</summary>
internal static class GitHubErrors
{
    public static async Task<GitHubException> CreateAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var message = Message(body) ?? $"GitHub answered {(int)response.StatusCode}.";
        var retryAt = GitHubRateLimit.FindEnd(response, body, time);
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
