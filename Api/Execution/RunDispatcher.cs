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
        var finished = false;
        try
        {
            placed?.Invoke(run);
            var job = new RunCodeJob(run.Id, address.CallbackOf(run.Id), run.Token);
            await queue.EnqueueAsync(job, new EnqueueOptions { JobId = run.Id }, cancellationToken);
            var outcome = await run.WaitAsync(cancellationToken);
            finished = outcome.Result is { Verdict: not (RunVerdict.InternalError or RunVerdict.Cancelled) };
            return outcome;
        }
        finally
        {
            pending.Remove(run);
            if (!finished) await WithdrawAsync(run.Id);
        }
    }

    /// <summary>Nobody waits any more: the job must not stay in the queue.</summary>
    private async Task WithdrawAsync(Guid id)
    {
        try
        {
            await queue.CancelAsync(id, CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            // A worker that takes it later is told that nobody waits.
            Log.NotWithdrawn(logger, exception, id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Warning, "The job of run {Id} could not be withdrawn")]
        public static partial void NotWithdrawn(ILogger logger, Exception exception, Guid id);
    }
}
