using Microsoft.Extensions.Options;
using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>
/// Compares what the engine has under this process's name with what the process knows. A container that it does not know twice in a row is a
/// leak (a removal failed, or the engine restarted): it is counted, logged and removed. The containers of other workers are not looked at.
/// </summary>
internal sealed partial class LeakDetector(
    IContainerEngine engine, SandboxRegistry registry, IOptions<ContainerOptions> containers, IOptions<ExecutionWorkerOptions> options,
    WorkerIdentity identity, TimeProvider time, ILogger<LeakDetector> logger) : BackgroundService
{
    // One that is just being created is not registered yet: it is in the next round.
    private HashSet<string> _suspects = [];

    /// <summary>One round.</summary>
    /// <returns>How many unwanted containers there were.</returns>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var mine = new Dictionary<string, string>
        {
            [ContainerLabels.Platform] = containers.Value.Platform,
            [ContainerLabels.Kind] = SandboxLabels.Kind,
            [ContainerLabels.Worker] = identity.Name,
        };
        var unknown = (await engine.ListAsync(mine, cancellationToken)).Select(container => container.Id).Where(id => !registry.Knows(id)).ToHashSet(StringComparer.Ordinal);
        var unwanted = unknown.Where(_suspects.Contains).ToArray();
        _suspects = unknown;
        Telemetry.RecordUnwanted(unwanted.Length);
        foreach (var id in unwanted) await RemoveAsync(id, cancellationToken);
        return unwanted.Length;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LeakInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (ContainerEngineException exception)
            {
                Log.RoundFailed(logger, exception.Message);
            }
        }
    }

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        Log.Unwanted(logger, id);
        try
        {
            await engine.RemoveAsync(id, cancellationToken);
            _suspects.Remove(id);
        }
        catch (ContainerEngineException exception) when (exception.Error != ContainerEngineError.Unavailable)
        {
            Log.RemovalFailed(logger, id, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4401, LogLevel.Warning, "Sandbox {ContainerId} is this worker's and belongs to nothing; it is removed")]
        public static partial void Unwanted(ILogger logger, string containerId);

        [LoggerMessage(4402, LogLevel.Warning, "Unwanted sandbox {ContainerId} could not be removed: {Reason}")]
        public static partial void RemovalFailed(ILogger logger, string containerId, string reason);

        [LoggerMessage(4403, LogLevel.Warning, "Could not look for unwanted sandboxes: {Reason}")]
        public static partial void RoundFailed(ILogger logger, string reason);
    }
}
