using Microsoft.Extensions.Options;
using Platform.Core.Deployments;

namespace Platform.Web.Sites;

/// <summary>Writes counted requests down in batches, and once more when the process stops.</summary>
internal sealed partial class SiteTrafficWriter(
    SiteTraffic traffic, SiteTrafficStore store, IOptions<SiteHostOptions> options, TimeProvider time, ILogger<SiteTrafficWriter> logger) : BackgroundService
{
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var batches = traffic.Take();
        try
        {
            await store.AddAsync(batches, cancellationToken);
        }
        catch (Exception exception)
        {
            traffic.PutBack(batches);
            if (exception is OperationCanceledException) throw;
            // The database is away: what was counted waits for it.
            Log.WriteFailed(logger, exception);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.TrafficInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The traffic of sites could not be written down now")]
        public static partial void WriteFailed(ILogger logger, Exception exception);
    }
}
