using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.Core.Containers;

/// <summary>Removes containers and networks of this platform that belong to nobody any more.</summary>
internal sealed partial class ContainerReaper(
    IContainerEngine engine,
    IContainerOwnership ownership,
    WorkerIdentity identity,
    IOptions<ContainerOptions> options,
    TimeProvider time,
    ILogger<ContainerReaper> logger) : BackgroundService
{
    /// <summary>One round.</summary>
    /// <returns>How many containers and networks were removed.</returns>
    public async Task<int> ReapAsync(CancellationToken cancellationToken)
    {
        var mine = new Dictionary<string, string> { [ContainerLabels.Platform] = options.Value.Platform };
        var removed = 0;
        foreach (var container in await engine.ListAsync(mine, cancellationToken))
        {
            if (!await ownership.IsOrphanAsync(container.Labels, cancellationToken)) continue;
            if (await RemoveAsync(container.Id, () => engine.RemoveAsync(container.Id, cancellationToken))) removed++;
        }

        // After the containers: a network in use cannot be removed.
        foreach (var network in await engine.ListNetworksAsync(mine, cancellationToken))
        {
            if (!await ownership.IsOrphanAsync(network.Labels, cancellationToken)) continue;
            if (await RemoveAsync(network.Name, () => engine.RemoveNetworkAsync(network.Id, cancellationToken))) removed++;
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReapInterval, time);
        do
        {
            identity.Refresh(time);
            try
            {
                await ReapAsync(stoppingToken);
            }
            catch (ContainerEngineException exception)
            {
                Log.RoundFailed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One that cannot be removed now must not keep the others: it is tried again in the next round.</summary>
    private async Task<bool> RemoveAsync(string id, Func<Task> remove)
    {
        try
        {
            await remove();
            Log.Removed(logger, id);
            return true;
        }
        catch (ContainerEngineException exception) when (exception.Error != ContainerEngineError.Unavailable)
        {
            Log.RemovalFailed(logger, id, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Id}, which a worker that is gone had left")]
        public static partial void Removed(ILogger logger, string id);

        [LoggerMessage(2, LogLevel.Warning, "Could not remove {Id}: {Reason}")]
        public static partial void RemovalFailed(ILogger logger, string id, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Could not look for leftover containers: {Reason}")]
        public static partial void RoundFailed(ILogger logger, string reason);
    }
}
