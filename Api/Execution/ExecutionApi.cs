using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal static class ExecutionApi
{
    public static IEndpointRouteBuilder MapExecution(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/execute").WithTags("Execution").AllowAnonymous();
        group.MapPost("/execute", ExecuteAsync).WithName("execute").WithSummary("Run code in a sandbox and wait for its end.");
        group.MapGet("/languages", ListLanguagesAsync).WithName("listLanguages").WithSummary("The languages, and which of them can be run now.");
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

    private static async Task<Results<Ok<ExecuteResponse>, JsonHttpResult<object>>> ExecuteAsync(
        ExecuteRequest request, ExecutionService service, HttpContext context, CancellationToken cancellationToken)
    {
        if (await service.ExecuteAsync(request, cancellationToken) is not { } done)
        {
            context.Response.Headers.RetryAfter = "1";
            return Error(429, "EXECUTION_BUSY", "Too many runs are waiting. Try again in a moment.");
        }

        return done.Outcome.Result is { } result
            ? TypedResults.Ok(ExecuteResponse.From(done.Run, result))
            : Error(503, "EXECUTION_UNAVAILABLE", done.Outcome.Unavailable!);
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

    private static JsonHttpResult<object> Error(int status, string code, string message) =>
        TypedResults.Json<object>(new { error = new { code, message, statusCode = status } }, statusCode: status);
}
