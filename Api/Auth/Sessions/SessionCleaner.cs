using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Api.Auth.Sessions;

/// <summary>Removes sessions and mailed tokens that are over, and devices not seen for a year. A day later: until then a spent token is still told from an unknown one.</summary>
internal sealed partial class SessionCleaner(IServiceScopeFactory scopes, TimeProvider time, ILogger<SessionCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeepDevices = TimeSpan.FromDays(365);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database may be away; the next turn removes what this one did not.
                Log.Failed(logger, exception);
            }
        }
    }

    internal async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var limit = time.GetUtcNow() - Keep;
        var removed = await database.Sessions
            .Where(session => session.ExpiresAt < limit || session.RevokedAt < limit)
            .ExecuteDeleteAsync(cancellationToken);
        await database.AccountTokens.Where(token => token.ExpiresAt < limit).ExecuteDeleteAsync(cancellationToken);
        var forgotten = time.GetUtcNow() - KeepDevices;
        await database.UserDevices.Where(device => device.LastSeenAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        if (removed > 0) Log.Removed(logger, removed);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} sessions that were over")]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Old sessions were not removed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
