using Microsoft.Extensions.Options;
using Platform.Core.Deployments.Domains;

namespace Platform.Web.Sites;

/// <summary>Looks again at users' domains: claims that wait for their proof, and proofs that may have gone.</summary>
internal sealed partial class DomainWatch(IServiceScopeFactory scopes, IOptions<SiteHostOptions> options, TimeProvider time, ILogger<DomainWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.DomainInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<SiteDomains>().CheckDueAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database is away: the next round looks again.
                Log.RoundFailed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Users' domains could not be looked at now")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
