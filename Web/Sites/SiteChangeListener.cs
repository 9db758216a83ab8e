using Platform.Core.Realtime;

namespace Platform.Web.Sites;

/// <summary>Drops a site from the catalogue when it has changed.</summary>
internal sealed partial class SiteChangeListener(IEventBus bus, SiteCatalog catalog, TimeProvider time, ILogger<SiteChangeListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var subscription = await bus.SubscribeAsync<SiteChanged>(Topics.Sites, stoppingToken);
                catalog.ForgetAll();
                await foreach (var change in subscription.ReadAllAsync(stoppingToken)) catalog.Forget(change.Payload.Slug);
            }
            catch (RealtimeUnavailableException exception)
            {
                // Until the bus is back, entries run out by themselves.
                Log.BusUnavailable(logger, exception);
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Changes of sites are not announced now; they show with a delay of some seconds")]
        public static partial void BusUnavailable(ILogger logger, Exception exception);
    }
}
