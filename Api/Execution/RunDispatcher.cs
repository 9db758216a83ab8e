using Platform.Core.Execution;
using Platform.Core.Jobs;

namespace Platform.Api.Execution;

/// <summary>Has a run made by a worker and waits for its outcome.</summary>
internal sealed partial class RunDispatcher(
    RunGate gate, PendingRuns pending, InstanceAddress address, IJobQueue queue, ILogger<RunDispatcher> logger)
{
    /// <param name="order">What is to be run.</param>
    /// <param name="owner">Whose turn it takes.</param>
    /// <param name="patience">How long it may wait for its turn.</param>
    /// <param name="placed">Is given the run before any worker can have it: the handle for signals and for taking it back.</param>
    /// <param name="cancellationToken">Nobody waits any more: the run is ended.</param>
    /// <returns>The outcome; null when its turn did not come.</returns>
    public async Task<RunOutcome?> RunAsync(
        RunOrder order, string owner, TimeSpan patience, Action<PendingRun>? placed, CancellationToken cancellationToken)
    {
        using var place = await gate.EnterAsync(owner, patience, cancellationToken);
        if (place is null) return null;
        var run = pending.Add(order);
        run.Waits = place.TryStepAside;
        var finished = false;
        var job = new PlacedRun(queue, new RunCodeJob(run.Id, address.CallbackOf(run.Id), run.Token));
        run.Returns = () => _ = ReturnAsync(job, Guid.CreateVersion7());
        run.Lost = () => _ = ReturnAsync(job, job.Id);
        try
        {
            placed?.Invoke(run);
            await job.EnqueueAsync(run.Id, cancellationToken);
            var outcome = await run.WaitAsync(cancellationToken);
            finished = outcome.Result is { Verdict: not (RunVerdict.InternalError or RunVerdict.Cancelled) };
            return outcome;
        }
        finally
        {
            pending.Remove(run);
            if (!finished) await WithdrawAsync(job);
        }
    }

    /// <summary>The worker went away that had taken its job. Under the id that it has, a job is placed only if it is there no more.</summary>
    private async Task ReturnAsync(PlacedRun job, Guid id)
    {
        try
        {
            await job.EnqueueAsync(id, CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            // It is given up when no worker takes it in time.
            Log.NotReturned(logger, exception, job.Id);
        }
    }

    /// <summary>Nobody waits any more: the job must not stay in the queue.</summary>
    private async Task WithdrawAsync(PlacedRun job)
    {
        try
        {
            await queue.CancelAsync(job.Id, CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            // A worker that takes it later is told that nobody waits.
            Log.NotWithdrawn(logger, exception, job.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Warning, "The job of run {Id} could not be withdrawn")]
        public static partial void NotWithdrawn(ILogger logger, Exception exception, Guid id);

        [LoggerMessage(5102, LogLevel.Warning, "Run {Id} could not be given back to the queue")]
        public static partial void NotReturned(ILogger logger, Exception exception, Guid id);
    }

    /// <summary>A run's job on the queue: the first one, or the one that took its place.</summary>
    private sealed class PlacedRun(IJobQueue queue, RunCodeJob job)
    {
        public Guid Id { get; private set; } = job.ExecutionId;

        public async Task EnqueueAsync(Guid id, CancellationToken cancellationToken)
        {
            Id = id;
            await queue.EnqueueAsync(job, new EnqueueOptions { JobId = id }, cancellationToken);
        }
    }
}
