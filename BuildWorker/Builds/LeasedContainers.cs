using System.Data.Common;
using Platform.Core.Containers;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// A build's container belongs to the lease of its job: without it, it is an orphan, whatever has become of the worker. So is what a dead
/// process of this machine made, before its lease has run out.
/// </summary>
internal sealed partial class LeasedContainers(WorkerIdentity identity, IJobQueue jobs, ILogger<LeasedContainers> logger) : IContainerOwnership
{
    public async ValueTask<bool> IsOrphanAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        // What else carries the platform's label belongs to other kinds of workers, which know more of it.
        if (labels.TryGetValue(ContainerLabels.Worker, out var worker) && identity.IsDead(worker)) return true;
        if (labels.GetValueOrDefault(ContainerLabels.Kind) != BuildContainer.Kind) return false;
        if (!labels.TryGetValue(ContainerLabels.Job, out var label) || !Guid.TryParse(label, out var jobId)) return false;
        try
        {
            // A job is running as long as somebody holds its lease or nobody has noticed yet that it ran out. One that is not known may be
            // another installation's on the same engine.
            return await jobs.FindAsync(jobId, cancellationToken) is { State: not JobState.Running };
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or InvalidOperationException)
        {
            // Nobody can say: the next round asks again.
            Log.Unknown(logger, jobId, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not ask for the lease of job {JobId}: {Reason}")]
        public static partial void Unknown(ILogger logger, Guid jobId, string reason);
    }
}
