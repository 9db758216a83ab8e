using System.Net.WebSockets;
using System.Text.Json;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Runs what the waiting side asks for in a fresh sandbox, and streams the outcome there.</summary>
internal sealed partial class RunServer(LanguageCatalog catalog, SandboxSource sandboxes, TimeProvider time, ILogger<RunServer> logger)
{
    /// <summary>How long the other side may take to close after the result.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Reads the request. False: it was refused, and the other side has been told.</summary>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<bool> AdmitAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        if (await run.Channel.ReceiveAsync(cancellationToken) is not { Kind: RunMessageKind.Request } message) throw new RunAbandonedException();
        var request = JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunRequest);
        if (request is null || catalog.Find(request.Language) is not { } language)
        {
            await SendAsync(run, new RunRefusal(RunRefusal.Unavailable, "This worker does not know the language."), cancellationToken);
            return false;
        }

        if (RunRequestCheck.Problem(request, language) is { } problem)
        {
            await SendAsync(run, new RunResult { Verdict = RunVerdict.InternalError, Message = $"The request was refused: {problem}." }, cancellationToken);
            return false;
        }

        run.Begin(new RunPlan(language, request));
        return true;
    }

    /// <summary>Runs it to its end. False: its image has to be built first, and nothing has been sent.</summary>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<bool> ServeAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(run, cancellationToken);
        }
        catch (ImageAbsentException)
        {
            return false;
        }
        catch (SandboxUnavailableException exception)
        {
            await RefuseAsync(run, exception, cancellationToken);
            return true;
        }

        await CloseAsync(run, cancellationToken);
        return true;
    }

    /// <summary>Tells that it cannot be run now.</summary>
    public async Task RefuseAsync(ConnectedRun run, SandboxUnavailableException reason, CancellationToken cancellationToken)
    {
        Log.NoSandbox(logger, reason.InnerException, run.Plan.Language.Id);
        await SendAsync(run, reason.Refusal, cancellationToken);
        await CloseAsync(run, cancellationToken);
    }

    /// <summary>Tells that it was taken back before it began.</summary>
    public async Task TellCancelledAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        await SendAsync(run, RunSession.Cancelled(), cancellationToken);
        await CloseAsync(run, cancellationToken);
    }

    private async Task RunAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        if (await sandboxes.TakeAsync(run, cancellationToken) is not { } sandbox)
        {
            await SendAsync(run, RunSession.Cancelled(), cancellationToken);
            return;
        }

        try
        {
            await SendAsync(run, await RunAsync(run, sandbox, cancellationToken), cancellationToken);
        }
        finally
        {
            sandboxes.Return(sandbox);
        }
    }

    private async Task<RunResult> RunAsync(ConnectedRun run, Sandbox sandbox, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var language = run.Plan.Language;
        using var activity = Telemetry.Source.StartActivity("run");
        activity?.SetTag("execution.id", run.Id).SetTag("execution.language", language.Id);
        RunResult result;
        try
        {
            result = await new RunSession(run.Channel, run.Inbox, sandbox, run.Plan, time).RunAsync(run.Listening, cancellationToken);
        }
        catch (Exception exception) when (exception is SandboxException or ContainerEngineException)
        {
            Log.Broken(logger, exception, run.Id);
            result = new RunResult { Verdict = RunVerdict.InternalError, Message = "The sandbox broke." };
        }
        catch (SandboxSilentException exception)
        {
            Log.Broken(logger, exception, run.Id);
            result = new RunResult { Verdict = RunVerdict.InternalError, Message = exception.Message };
        }

        activity?.SetTag("execution.verdict", result.Verdict);
        Telemetry.RecordRun(language.Id, result.Verdict, time.GetElapsedTime(began));
        return result;
    }

    private static ValueTask SendAsync(ConnectedRun run, RunRefusal refusal, CancellationToken cancellationToken) =>
        run.Channel.SendAsync(RunMessageKind.Unavailable, JsonSerializer.SerializeToUtf8Bytes(refusal, RunJson.Default.RunRefusal), cancellationToken);

    private static ValueTask SendAsync(ConnectedRun run, RunResult result, CancellationToken cancellationToken) =>
        run.Channel.SendAsync(RunMessageKind.Result, JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult), cancellationToken);

    /// <summary>The socket must not be torn down while the result may still be on its way.</summary>
    private async Task CloseAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        try
        {
            await run.Channel.CloseAsync(cancellationToken);
            await run.Listening.WaitAsync(CloseTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or TimeoutException or InvalidDataException)
        {
            Log.NotClosed(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4303, LogLevel.Error, "The sandbox of run {ExecutionId} broke")]
        public static partial void Broken(ILogger logger, Exception exception, Guid executionId);

        [LoggerMessage(4304, LogLevel.Error, "No sandbox of {Language} can be started")]
        public static partial void NoSandbox(ILogger logger, Exception? exception, string language);

        [LoggerMessage(4305, LogLevel.Debug, "The socket of a run was not closed in order: {Reason}")]
        public static partial void NotClosed(ILogger logger, string reason);
    }
}
