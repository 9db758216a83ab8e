using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Api.Execution;
using Platform.Api.Execution.Streaming;
using Platform.Core.Execution;

namespace Platform.Api.Piston;

/// <summary>Piston's API, version 2, so that its clients work: its paths, its fields, its errors. They are no part of our own contract.</summary>
internal static class PistonApi
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static IEndpointRouteBuilder MapPiston(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v2").WithTags("Piston").AllowAnonymous().RequireScope(ApiScopes.Execute).ExcludeFromDescription().WithMetadata(PlainMessageErrors.Instance);
        group.MapGet("/runtimes", ListRuntimesAsync).WithName("pistonRuntimes").WithSummary("Piston: the languages that can be run now.");
        group.MapPost("/execute", ExecuteAsync).WithName("pistonExecute").WithSummary("Piston: run code.").WithRateLimit(RateLimitPolicy.AnonymousRuns);
        group.MapGet("/connect", ConnectAsync).WithName("pistonConnect").WithSummary("Piston: run code over a WebSocket.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns).AsWebSocketRoute();
        return routes;
    }

    private static async Task<IResult> ListRuntimesAsync(LanguageCatalog catalog, LanguageStates states, CancellationToken cancellationToken)
    {
        var ready = await states.GetReadyAsync().WaitAsync(cancellationToken);
        return TypedResults.Ok(catalog.Languages.Where(language => ready.Contains(language.Id))
            .Select(language => new PistonRuntimeResponse(language.Id, language.Version, language.Aliases)).ToList());
    }

    private static async Task<IResult> ExecuteAsync(
        RunCaller caller, PistonJobReader reader, RunDispatcher dispatcher, IOptions<ExecutionOptions> options, HttpContext context, CancellationToken cancellationToken)
    {
        if (!caller.MayRun(options)) return ExecutionErrors.SignIn();
        if (!MayBeJson(context.Request)) return Problem(StatusCodes.Status415UnsupportedMediaType, "requests must be of type application/json");
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, default, cancellationToken);
        }
        catch (JsonException)
        {
            return Problem(StatusCodes.Status400BadRequest, "the body is not valid JSON");
        }

        using (body)
        {
            var (job, problem) = await reader.ReadAsync(body.RootElement, cancellationToken);
            return job is null ? Problem(StatusCodes.Status400BadRequest, problem!) : await RunAsync(job, caller, dispatcher, options.Value, context, cancellationToken);
        }
    }

    private static async Task<IResult> RunAsync(
        PistonJob job, RunCaller caller, RunDispatcher dispatcher, ExecutionOptions options, HttpContext context, CancellationToken cancellationToken)
    {
        var order = new RunOrder
        {
            Request = RunRequests.From(job.Request, job.Language),
            Language = job.Language,
            Input = new FixedSource(job.Request.ReadInput()),
            Listen = () => new RunTranscript(job.Language.Limits.OutputBytes, interleaved: true),
        };
        if (await dispatcher.RunAsync(order, caller.Key, options.MaxWait, placed: null, cancellationToken) is not { } outcome) return ExecutionErrors.TooBusy(context);
        return outcome.Result is { } result
            ? TypedResults.Ok(PistonResults.Of(job.Language, result, outcome.Listener as RunTranscript))
            : Problem(StatusCodes.Status503ServiceUnavailable, outcome.Refusal!.Message);
    }

    private static async Task<Results<EmptyHttpResult, ErrorResult>> ConnectAsync(
        RunCaller caller, PistonJobReader reader, StreamServices services, HttpContext context)
    {
        if (!caller.MayRun(services.Execution)) return ExecutionErrors.SignIn();
        using var place = services.Sockets.TryOpen(caller.Key);
        if (place is null) return ExecutionErrors.TooBusy(context);
        using var socket = await services.AcceptAsync(context, KeepAlive);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping, SignInEnd.Of(context));
        await new PistonSession(socket, caller, reader, services).RunAsync(stopping.Token);
        return TypedResults.Empty;
    }

    /// <summary>One of its clients in use sends its JSON as plain text, as the servers of its time took it.</summary>
    private static bool MayBeJson(HttpRequest request) =>
        request.HasJsonContentType() || string.IsNullOrEmpty(request.ContentType) || request.ContentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);

    private static JsonHttpResult<PistonErrorResponse> Problem(int status, string message) => TypedResults.Json(new PistonErrorResponse(message), statusCode: status);
}
