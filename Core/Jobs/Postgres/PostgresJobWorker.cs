using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Serves the queues that this process registered, until it stops.</summary>
internal sealed class PostgresJobWorker(
    IServiceProvider services, JobHandlerRegistry registry, RunningJobs running, JobSignals signals, LeaseKeeper keeper) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (registry.Workers.Count == 0) return;
        using var subscription = signals.Subscribe(new JobSignalHandlers { CancelRequested = running.Cancel });
        using var keeping = new CancellationTokenSource();
        var kept = keeper.RunAsync(keeping.Token);
        try
        {
            var pumps = registry.Workers.Select(worker => ActivatorUtilities.CreateInstance<QueuePump>(services, worker));
            await Task.WhenAll(pumps.Select(pump => pump.RunAsync(stoppingToken)));
        }
        finally
        {
            // Leases are renewed until the last handler has stopped.
            await keeping.CancelAsync();
            await kept;
        }
    }
}
