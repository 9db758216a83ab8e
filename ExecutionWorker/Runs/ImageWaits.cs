using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Images;

namespace Platform.ExecutionWorker.Runs;

/// <summary>
/// Runs that wait for their image. They hold no place of the queue, so that runs whose image is there are not held up, however long the build takes
/// and however many wait. When it is done they run here, a few at a time. A worker that stops lets go of their sockets, and the waiting side asks again.
/// </summary>
internal sealed partial class ImageWaits(
    RunServer server, ImageBuilder images, IOptions<ExecutionWorkerOptions> options, ILogger<ImageWaits> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<ConnectedRun, Task> _runs = new();
    private readonly SemaphoreSlim _turns = new(Math.Max(1, options.Value.Concurrency / 2));
    private readonly CancellationTokenSource _noMoreWaiting = new();
    private readonly CancellationTokenSource _noMoreRunning = new();

    /// <summary>Runs that wait here, or have begun after they did.</summary>
    public int Count => _runs.Count;

    /// <summary>Takes over a run, and its socket with it.</summary>
    public void Take(ConnectedRun run)
    {
        // Listed before it begins: it takes itself from the list when it is over.
        var keeping = new Task<Task>(() => KeepAsync(run));
        _runs[run] = keeping.Unwrap();
        keeping.Start(TaskScheduler.Default);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _noMoreWaiting.CancelAsync();
        _noMoreRunning.CancelAfter(options.Value.DrainTimeout);
        await Task.WhenAll(_runs.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _turns.Dispose();
        _noMoreWaiting.Dispose();
        _noMoreRunning.Dispose();
    }

    private async Task KeepAsync(ConnectedRun run)
    {
        try
        {
            using (run) await ServeAsync(run);
        }
        catch (Exception exception) when (exception is RunAbandonedException or WebSocketException or OperationCanceledException or InvalidDataException or ObjectDisposedException)
        {
            Log.Ended(logger, run.Id, exception.Message);
        }
        catch (Exception exception)
        {
            // Nobody else would hear of it; the waiting side sees its socket end.
            Log.Failed(logger, exception, run.Id);
        }
        finally
        {
            _runs.TryRemove(run, out _);
        }
    }

    private async Task ServeAsync(ConnectedRun run)
    {
        var hasTurn = false;
        try
        {
            hasTurn = await WaitAsync(run);
            if (run.Inbox.Cancelled.IsCompleted) await server.TellCancelledAsync(run, _noMoreRunning.Token);
            else if (run.Listening.IsCompleted) throw new RunAbandonedException();
            else if (!hasTurn) throw new OperationCanceledException("This worker stops.");
            else if (!await server.ServeAsync(run, _noMoreRunning.Token)) await server.RefuseAsync(run, SandboxSource.Missing(run.Plan.Language), _noMoreRunning.Token);
        }
        catch (ContainerEngineException exception)
        {
            await server.RefuseAsync(run, SandboxSource.Unavailable(exception, run.Plan.Language), _noMoreRunning.Token);
        }
        finally
        {
            if (hasTurn) _turns.Release();
        }
    }

    /// <summary>Waits for the image and then for a turn. False: there is none, since the run or this worker ended before.</summary>
    private async Task<bool> WaitAsync(ConnectedRun run)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_noMoreWaiting.Token);
        await using var progress = new ProgressMessages(run.Channel, $"The image of {run.Plan.Language.Name} is being built.");
        var waiting = BuildAsync(run, progress, stop.Token);
        await Task.WhenAny(waiting, run.Listening, run.Inbox.Cancelled);
        await stop.CancelAsync();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (waiting.IsFaulted) await waiting;
        return waiting.IsCompletedSuccessfully;
    }

    private async Task BuildAsync(ConnectedRun run, ProgressMessages progress, CancellationToken cancellationToken)
    {
        await images.BuildAsync(run.Plan.Language.Image, progress, cancellationToken);
        await _turns.WaitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(4311, LogLevel.Information, "Run {ExecutionId}, which waited for its image, is over: {Reason}")]
        public static partial void Ended(ILogger logger, Guid executionId, string reason);

        [LoggerMessage(4312, LogLevel.Error, "Run {ExecutionId}, which waited for its image, could not be served")]
        public static partial void Failed(ILogger logger, Exception exception, Guid executionId);
    }
}
