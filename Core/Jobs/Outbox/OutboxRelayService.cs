using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Outbox;

/// <summary>Relays what a process left in the outbox: woken by the table's own notification, and at every poll interval.</summary>
internal sealed class OutboxRelayService(OutboxRelay relay, JobSignals signals, IOptions<JobOptions> options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new WakeSignal();
        using var subscription = signals.Subscribe(new JobSignalHandlers { OutboxWritten = wake.Set, Listening = wake.Set });
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await relay.TryRelayAsync(stoppingToken);
                await wake.WaitAsync(options.Value.PollInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
