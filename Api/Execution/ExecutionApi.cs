using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Limits;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal static class ExecutionApi
{
    public static IEndpointRouteBuilder MapExecution(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/execute").WithTags("Execution").AllowAnonymous();
        group.MapPost("/execute", ExecuteAsync)
            .WithName("execute").WithSummary("Run code in a sandbox and wait for its end.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns).RequireScope(ApiScopes.Execute)
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/languages", ListLanguagesAsync)
            .WithName("listLanguages").WithSummary("The languages, and which of them can be run now.").RequireScope(ApiScopes.Execute);
        return routes;
    }

    /// <summary>The address that workers connect back to. It has its own token, and none of the rules for callers apply to it.</summary>
    public static IEndpointRouteBuilder MapRunCallback(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(RunChannel.CallbackPath + "{id:guid}", RunCallback.ServeAsync)
            .WithName("runCallback").WithTags("Internal").WithSummary("A worker serves a run.")
            .AllowAnonymous().ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<Ok<ExecuteResponse>, ErrorResult>> ExecuteAsync(
        ExecuteRequest request,
        CurrentUser? user,
        ExecutionService service,
        IOptions<ExecutionOptions> options,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (user is null && !options.Value.AllowAnonymous) return ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "Sign in to run code.");
        if (await service.ExecuteAsync(request, cancellationToken) is not { } done)
        {
            context.Response.Headers.RetryAfter = "1";
            return new ErrorResult(StatusCodes.Status429TooManyRequests, ExecutionErrors.Busy, "Too many runs are waiting. Try again in a moment.");
        }

        return done.Outcome.Result is { } result
            ? TypedResults.Ok(ExecuteResponse.From(done.Run, result))
            : ApiErrors.Unavailable(ExecutionErrors.Unavailable, done.Outcome.Unavailable!);
    }

    private static async Task<Ok<LanguagesResponse>> ListLanguagesAsync(LanguageCatalog catalog, LanguageStates states, CancellationToken cancellationToken)
    {
        var ready = await states.GetReadyAsync().WaitAsync(cancellationToken);
        return TypedResults.Ok(new LanguagesResponse(
        [
            .. catalog.Languages.Select(language => new LanguageResponse(
                language.Id, language.Name, language.Version, language.Aliases, language.File, language.Example, ready.Contains(language.Id))),
        ]));
    }
}

/// <summary>Codes of this feature's errors.</summary>
internal static class ExecutionErrors
{
    public const string Busy = "EXECUTION_BUSY";
    public const string Unavailable = "EXECUTION_UNAVAILABLE";
}
