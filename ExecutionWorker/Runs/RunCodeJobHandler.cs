using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.Core.Jobs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Connects back to the waiting Api instance, runs what it asks for in a fresh sandbox, and streams the outcome there.</summary>
internal sealed partial class RunCodeJobHandler(
    RunConnector connector, LanguageCatalog catalog, SandboxSource sandboxes, IOptions<ExecutionWorkerOptions> options, TimeProvider time,
    ILogger<RunCodeJobHandler> logger) : IJobHandler<RunCodeJob>
{
    /// <summary>How long the other side may take to close after the result.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(RunCodeJob job, JobContext context, CancellationToken cancellationToken)
    {
        using var draining = new Draining(context, options.Value.DrainTimeout, time, cancellationToken);
        try
        {
            using var socket = await connector.ConnectAsync(job, cancellationToken);
            if (socket is null) return;
            using var channel = new RunChannel(socket);
            await ServeAsync(job, channel, draining.Token);
        }
        catch (RunAbandonedException)
        {
            Log.Abandoned(logger, job.ExecutionId);
        }
        catch (WebSocketException exception) when (context.IsLastAttempt)
        {
            // Whoever waited has been told by its own instance, or is gone with it.
            Log.Unreachable(logger, job.ExecutionId, job.Callback, exception.Message);
        }
    }

    private async Task ServeAsync(RunCodeJob job, RunChannel channel, CancellationToken cancellationToken)
    {
        if (await channel.ReceiveAsync(cancellationToken) is not { Kind: RunMessageKind.Request } message) throw new RunAbandonedException();
        var request = JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunRequest);
        if (request is null || catalog.Find(request.Language) is not { } language)
        {
            await SendAsync(channel, new RunRefusal(RunRefusal.Unavailable, "This worker does not know the language."), cancellationToken);
            return;
        }

        if (RunRequestCheck.Problem(request, language) is { } problem)
        {
            await SendAsync(channel, new RunResult { Verdict = RunVerdict.InternalError, Message = $"The request was refused: {problem}." }, cancellationToken);
            return;
        }

        var inbox = new RunInbox(channel);
        using var listen = new CancellationTokenSource();
        var listening = inbox.ListenAsync(listen.Token);
        await RunAsync(job, channel, inbox, listening, new RunPlan(language, request), cancellationToken);
        await CloseAsync(channel, listening, cancellationToken);
    }

    private async Task RunAsync(RunCodeJob job, RunChannel channel, RunInbox inbox, Task listening, RunPlan plan, CancellationToken cancellationToken)
    {
        Sandbox sandbox;
        try
        {
            if (await sandboxes.TakeAsync(plan.Language, channel, inbox, listening, cancellationToken) is not { } taken)
            {
                await SendAsync(channel, RunSession.Cancelled(), cancellationToken);
                return;
            }

            sandbox = taken;
        }
        catch (SandboxUnavailableException exception)
        {
            Log.NoSandbox(logger, exception.InnerException, plan.Language.Id);
            await SendAsync(channel, exception.Refusal, cancellationToken);
            return;
        }

        try
        {
            var session = new RunSession(channel, inbox, sandbox, plan, time);
            await SendAsync(channel, await RunAsync(job, session, listening, plan.Language, cancellationToken), cancellationToken);
        }
        finally
        {
            sandboxes.Return(sandbox);
        }
    }

    private async Task<RunResult> RunAsync(
        RunCodeJob job, RunSession session, Task listening, Language language, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity("run");
        activity?.SetTag("execution.id", job.ExecutionId).SetTag("execution.language", language.Id);
        RunResult result;
        try
        {
            result = await session.RunAsync(listening, cancellationToken);
        }
        catch (Exception exception) when (exception is SandboxException or ContainerEngineException)
        {
            Log.Broken(logger, exception, job.ExecutionId);
            result = new RunResult { Verdict = RunVerdict.InternalError, Message = "The sandbox broke." };
        }

        activity?.SetTag("execution.verdict", result.Verdict);
        Telemetry.RecordRun(language.Id, result.Verdict, time.GetElapsedTime(began));
        return result;
    }

    private static ValueTask SendAsync(RunChannel channel, RunRefusal refusal, CancellationToken cancellationToken) =>
        channel.SendAsync(RunMessageKind.Unavailable, JsonSerializer.SerializeToUtf8Bytes(refusal, RunJson.Default.RunRefusal), cancellationToken);

    private static ValueTask SendAsync(RunChannel channel, RunResult result, CancellationToken cancellationToken) =>
        channel.SendAsync(RunMessageKind.Result, JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult), cancellationToken);

    /// <summary>The socket must not be torn down while the result may still be on its way.</summary>
    private async Task CloseAsync(RunChannel channel, Task listening, CancellationToken cancellationToken)
    {
        try
        {
            await channel.CloseAsync(cancellationToken);
            await listening.WaitAsync(CloseTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or TimeoutException or InvalidDataException)
        {
            Log.NotClosed(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "Run {ExecutionId} was abandoned by its caller")]
        public static partial void Abandoned(ILogger logger, Guid executionId);

        [LoggerMessage(4302, LogLevel.Warning, "Run {ExecutionId} is dropped, {Callback} cannot be reached: {Reason}")]
        public static partial void Unreachable(ILogger logger, Guid executionId, Uri callback, string reason);

        [LoggerMessage(4303, LogLevel.Error, "The sandbox of run {ExecutionId} broke")]
        public static partial void Broken(ILogger logger, Exception exception, Guid executionId);

        [LoggerMessage(4304, LogLevel.Error, "No sandbox of {Language} can be started")]
        public static partial void NoSandbox(ILogger logger, Exception? exception, string language);

        [LoggerMessage(4305, LogLevel.Debug, "The socket of a run was not closed in order: {Reason}")]
        public static partial void NotClosed(ILogger logger, string reason);
    }
}
