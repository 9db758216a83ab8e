using System.Globalization;
using Platform.Api.Common.Errors;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

/// <summary>GitHub's refusals as answers of the Api.</summary>
internal static class GitHubFailures
{
    private const int DefaultWait = 60;

    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (GitHubConnectionException exception)
        {
            return Explain(exception);
        }
        catch (GitHubException exception)
        {
            return Explain(exception, context.HttpContext);
        }
    }

    public static ErrorResult Explain(GitHubConnectionException exception) => exception.IsBroken
        ? ApiErrors.Conflict("GITHUB_CONNECTION_BROKEN", exception.Message)
        : ApiErrors.Conflict("GITHUB_NOT_CONNECTED", exception.Message);

    public static ErrorResult Explain(GitHubException exception, HttpContext context)
    {
        switch (exception.Error)
        {
            case GitHubError.RateLimited:
                var time = context.RequestServices.GetRequiredService<TimeProvider>();
                var wait = exception.RetryAt is { } at ? Math.Max(1, (int)Math.Ceiling((at - time.GetUtcNow()).TotalSeconds)) : DefaultWait;
                context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
                return new ErrorResult(
                    StatusCodes.Status429TooManyRequests, "GITHUB_RATE_LIMITED", "GitHub allows no more requests for a while.", new Dictionary<string, object?> { ["retryAfter"] = wait });
            case GitHubError.NotFound:
                return ApiErrors.NotFound("GITHUB_REPOSITORY_NOT_FOUND", "There is no such repository, or the connected account may not see it.");
            case GitHubError.Forbidden:
                return ApiErrors.Forbidden("GITHUB_FORBIDDEN", "GitHub does not allow this to the connected account.");
            default:
                return ApiErrors.Unavailable("GITHUB_UNAVAILABLE", "GitHub does not answer. Try again shortly.");
        }
    }
}
