using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Api.Execution.Checking;
using Platform.Api.Execution.Storage;
using Platform.Api.Execution.Streaming;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

internal static class ExecutionApi
{
    public static IEndpointRouteBuilder MapExecution(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/api/execute").WithTags("Execution").AllowAnonymous().RequireScope(ApiScopes.Execute);
        open.MapPost("/execute", ExecuteAsync)
            .WithName("execute").WithSummary("Run code in a sandbox: wait for its end, or get an id to ask for it.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns)
            .Produces<ExecutionAcceptedResponse>(StatusCodes.Status202Accepted)
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable);
        open.MapPost("/validate", ValidateAsync)
            .WithName("validateCode").WithSummary("Check the syntax of code; nothing of it is run.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns)
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable);
        open.MapGet("/languages", ListLanguagesAsync)
            .WithName("listLanguages").WithSummary("The languages, and which of them can be run now.");
        open.MapGet("/stream/{session}", StreamApi.ServeAsync)
            .WithName("streamExecution").WithSummary("Run code over a WebSocket, with input and output while it runs.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns).AsWebSocketRoute()
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status426UpgradeRequired);
        routes.MapGroup("/api/execute").WithTags("Execution").RequireAuthorization().RequireScope(ApiScopes.Execute).MapStoredExecutions();
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

    private static async Task<Results<Ok<ExecuteResponse>, Accepted<ExecutionAcceptedResponse>, ErrorResult>> ExecuteAsync(
        ExecuteRequest request, RunCaller caller, ExecuteServices services, HttpContext context, CancellationToken cancellationToken)
    {
        if (!caller.MayRun(services.Options)) return ExecutionErrors.SignIn();
        if (await services.Quota.RefuseAsync(context, ExecutionService.CountRuns(request)) is { } exhausted) return exhausted;
        if (request.Mode == ExecuteMode.Async) return await AcceptAsync(request, caller, services, context, cancellationToken);
        var ticket = new RunTicket { Owner = caller.Key, Patience = services.Options.Value.MaxWait };
        if (await services.Executions.ExecuteAsync(request, ticket, cancellationToken) is not { } outcome) return ExecutionErrors.TooBusy(context);
        if (outcome.Response is not { } response) return ExecutionErrors.Refused(outcome.Refusal!);
        if (caller.User is { } user) services.Recorder.Record(request, response, user);
        return TypedResults.Ok(response);
    }

    private static async Task<Results<Ok<ExecuteResponse>, Accepted<ExecutionAcceptedResponse>, ErrorResult>> AcceptAsync(
        ExecuteRequest request, RunCaller caller, ExecuteServices services, HttpContext context, CancellationToken cancellationToken)
    {
        if (caller.User is not { } user) return ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "Sign in to run code without waiting for it.");
        return await services.Async.AddAsync(request, user, cancellationToken) is { } id
            ? TypedResults.Accepted($"/api/execute/{id}", new ExecutionAcceptedResponse(id, ExecutionStatus.Queued))
            : ExecutionErrors.TooBusy(context);
    }

    private static async Task<Results<Ok<ValidateCodeResponse>, ErrorResult>> ValidateAsync(
        ValidateCodeRequest request,
        RunCaller caller,
        CheckService checks,
        IOptions<ExecutionOptions> options,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!caller.MayRun(options)) return ExecutionErrors.SignIn();
        if (await checks.CheckAsync(request, caller.Key, cancellationToken) is not { } done) return ExecutionErrors.TooBusy(context);
        return done.Response is { } response ? TypedResults.Ok(response) : ExecutionErrors.Refused(done.Refusal!);
    }

    private static async Task<Ok<LanguagesResponse>> ListLanguagesAsync(LanguageCatalog catalog, LanguageStates states, CancellationToken cancellationToken)
    {
        var known = await states.GetAsync().WaitAsync(cancellationToken);
        return TypedResults.Ok(new LanguagesResponse([.. catalog.Languages.Select(language => LanguageResponse.Of(language, known.GetValueOrDefault(language.Id)))]));
    }
}

/// <summary>What running a request needs.</summary>
internal sealed class ExecuteServices(
    ExecutionService executions, AsyncExecutions asynchronous, ExecutionRecorder recorder, RunQuota quota, LanguageCatalog catalog, IOptions<ExecutionOptions> options)
{
    public ExecutionService Executions { get; } = executions;

    public AsyncExecutions Async { get; } = asynchronous;

    public ExecutionRecorder Recorder { get; } = recorder;

    public RunQuota Quota { get; } = quota;

    public IOptions<ExecutionOptions> Options { get; } = options;

    public bool Offers(string language) => catalog.Find(language) is not null;
}

/// <summary>Refusals of this feature.</summary>
internal static class ExecutionErrors
{
    public const string Busy = "EXECUTION_BUSY";
    public const string BusyMessage = "Too many runs are waiting. Try again in a moment.";
    public const string NotFoundCode = "EXECUTION_NOT_FOUND";

    public static ErrorResult SignIn() => ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "Sign in to run code.");

    public static ErrorResult TooBusy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "2";
        return new ErrorResult(StatusCodes.Status429TooManyRequests, Busy, BusyMessage);
    }

    public static ErrorResult Refused(RunRefusal refusal) => ApiErrors.Unavailable(refusal.Code, refusal.Message);

    public static ErrorResult NotFound() => ApiErrors.NotFound(NotFoundCode, "There is no such execution.");
}
