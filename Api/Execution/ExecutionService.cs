using System.Text;
using Platform.Core.Execution;
using Platform.Core.Jobs;

namespace Platform.Api.Execution;

/// <summary>Has code run by a worker and waits for the outcome.</summary>
internal sealed partial class ExecutionService(
    PendingRuns pending, InstanceAddress address, IJobQueue queue, LanguageCatalog catalog, ILogger<ExecutionService> logger)
{
    /// <returns>The finished run and its outcome; null when too many are waiting.</returns>
    public async Task<(PendingRun Run, RunOutcome Outcome)?> ExecuteAsync(ExecuteRequest request, CancellationToken cancellationToken)
    {
        var language = catalog.Find(request.Language!) ?? throw new ArgumentException("The language was not validated.", nameof(request));
        var work = new RunRequest
        {
            Language = language.Id,
            Files = [new RunFile(language.File, Encoding.UTF8.GetBytes(request.Code!))],
            Arguments = request.Args ?? [],
        };
        if (pending.TryAdd(work, Encoding.UTF8.GetBytes(request.Stdin ?? ""), language) is not { } run) return null;

        var finished = false;
        try
        {
            var job = new RunCodeJob(run.Id, address.CallbackOf(run.Id), run.Token);
            await queue.EnqueueAsync(job, new EnqueueOptions { JobId = run.Id }, cancellationToken);
            var outcome = await run.WaitAsync(cancellationToken);
            finished = outcome.Result is not null && outcome.Result.Verdict != RunVerdict.InternalError;
            return (run, outcome);
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
