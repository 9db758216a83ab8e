using System.Globalization;
using System.Net;
using Octokit;

namespace Platform.Core.GitHub.Octokit;

/// <summary>The package's exceptions in the seam's terms.</summary>
internal static class OctokitErrors
{
    /// <summary>Null: the exception stays as it is.</summary>
    public static GitHubException? Translate(Exception exception, TimeProvider time, CancellationToken cancellationToken) => exception switch
    {
        RateLimitExceededException limit => new GitHubException(GitHubError.RateLimited, limit.Message, limit.Reset, limit),
        AbuseException abuse => new GitHubException(GitHubError.RateLimited, abuse.Message, RetryAt(abuse, time), abuse),
        SecondaryRateLimitExceededException limit => new GitHubException(GitHubError.RateLimited, limit.Message, RetryAt(limit, time), limit),
        AuthorizationException refusal => new GitHubException(GitHubError.Unauthorized, refusal.Message, null, refusal),
        NotFoundException refusal => new GitHubException(GitHubError.NotFound, refusal.Message, null, refusal),
        ApiException { StatusCode: HttpStatusCode.TooManyRequests } refusal => new GitHubException(GitHubError.RateLimited, refusal.Message, RetryAt(refusal, time), refusal),
        ForbiddenException refusal => new GitHubException(GitHubError.Forbidden, Message(refusal), null, refusal),
        ApiException { StatusCode: >= HttpStatusCode.InternalServerError } refusal => new GitHubException(GitHubError.Unavailable, refusal.Message, null, refusal),
        ApiException refusal => new GitHubException(GitHubError.Failed, refusal.Message, null, refusal),
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => new GitHubException(GitHubError.Unavailable, "GitHub did not answer in time.", null, exception),
        HttpRequestException or IOException => new GitHubException(GitHubError.Unavailable, "GitHub cannot be reached.", null, exception),
        _ => null,
    };

    private static string Message(ApiException refusal) => refusal.ApiError?.Message ?? refusal.Message;

    private static DateTimeOffset RetryAt(ApiException refusal, TimeProvider time) =>
        refusal.HttpResponse?.Headers is { } headers
        && headers.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } seconds
        && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
            ? time.GetUtcNow().AddSeconds(wait)
            : time.GetUtcNow() + GitHubRateLimit.Unnamed;
}
