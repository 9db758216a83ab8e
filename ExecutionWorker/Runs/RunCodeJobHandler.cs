using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs;

namespace Platform.ExecutionWorker.Runs;

/// <summary>
/// Connects back to the waiting Api instance and serves the run there. A run whose image has to be built first leaves its job, and with it the
/// place in the queue, to others: it goes on with <see cref="ImageWaits"/>.
/// </summary>
internal sealed partial class RunCodeJobHandler(
    RunConnector connector, RunServer server, ImageWaits waits, IOptions<ExecutionWorkerOptions> options, TimeProvider time,
    ILogger<RunCodeJobHandler> logger) : IJobHandler<RunCodeJob>
{
    public async Task HandleAsync(RunCodeJob job, JobContext context, CancellationToken cancellationToken)
    {
        using var draining = new Draining(context, options.Value.DrainTimeout, time, cancellationToken);
        ConnectedRun? run = null;
        try
        {
            if (await connector.ConnectAsync(job, cancellationToken) is not { } socket) return;
            run = new ConnectedRun(job.ExecutionId, socket);
            if (!await server.AdmitAsync(run, draining.Token)) return;
            if (await server.ServeAsync(run, draining.Token)) return;
            waits.Take(run);
            run = null;
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
        finally
        {
            run?.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "Run {ExecutionId} was abandoned by its caller")]
        public static partial void Abandoned(ILogger logger, Guid executionId);

        [LoggerMessage(4302, LogLevel.Warning, "Run {ExecutionId} is dropped, {Callback} cannot be reached: {Reason}")]
        public static partial void Unreachable(ILogger logger, Guid executionId, Uri callback, string reason);
    }
}
