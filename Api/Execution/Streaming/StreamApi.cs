using System.Text.Encodings.Web;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Execution.Storage;
using Platform.Core.Execution;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Platform.Api.Execution.Streaming;

internal static class StreamApi
{
    private const int MaxSession = 64;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static async Task<Results<EmptyHttpResult, ErrorResult>> ServeAsync(string session, RunCaller caller, StreamServices services, HttpContext context)
    {
        if (!caller.MayRun(services.Execution)) return ExecutionErrors.SignIn();
        if (session.Length > MaxSession || !session.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            return ApiErrors.Invalid("session", $"Up to {MaxSession} letters, digits, '-' and '_'.");
        using var place = services.Sockets.TryOpen(caller.Key);
        if (place is null) return ExecutionErrors.TooBusy(context);
        using var socket = await services.AcceptAsync(context, KeepAlive);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping, SignInEnd.Of(context));
        await new StreamSession(socket, session, caller, services).RunAsync(stopping.Token);
        return TypedResults.Empty;
    }
}

/// <summary>What sockets on which programs run need; it outlives the request's own services.</summary>
internal sealed class StreamServices(
    RunDispatcher dispatcher,
    LanguageCatalog catalog,
    ExecutionRecorder recorder,
    IValidator<ExecuteRequest> validator,
    StreamSockets sockets,
    IOptions<StreamOptions> options,
    IOptions<ExecutionOptions> execution,
    IOptions<JsonOptions> json,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    public RunDispatcher Dispatcher { get; } = dispatcher;

    public LanguageCatalog Catalog { get; } = catalog;

    public ExecutionRecorder Recorder { get; } = recorder;

    public IValidator<ExecuteRequest> Validator { get; } = validator;

    public StreamSockets Sockets { get; } = sockets;

    public StreamOptions Options { get; } = options.Value;

    public IOptions<ExecutionOptions> Execution { get; } = execution;

    public TimeSpan MaxWait { get; } = execution.Value.MaxWait;

    /// <summary>As for bodies, but text of other languages is not blown up: nothing of it is put into a page as it is.</summary>
    public JsonSerializerOptions Json { get; } = new(json.Value.SerializerOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public CancellationToken Stopping { get; } = lifetime.ApplicationStopping;

    public TimeProvider Time { get; } = time;

    public async Task<FrameSocket> AcceptAsync(HttpContext context, TimeSpan keepAlive)
    {
        var accepted = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = keepAlive, KeepAliveTimeout = keepAlive });
        return new FrameSocket(accepted, Json, Options.MaxFrameBytes, Options.SendTimeout, Time);
    }
}
