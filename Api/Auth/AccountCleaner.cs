using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Api.Auth;

/// <summary>Removes what is over: sessions, mailed tokens, challenges, interrupted sign-ins, changes of address, and devices that nobody uses any more.</summary>
internal sealed partial class AccountCleaner(IServiceScopeFactory scopes, TimeProvider time, ILogger<AccountCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Until then a spent token is still told from an unknown one.
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    // What stands in email_changes is asked for when somebody says that it was not them.
    private static readonly TimeSpan KeepChanges = TimeSpan.FromDays(30);
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
        var now = time.GetUtcNow();
        var (limit, changes, devices) = (now - Keep, now - KeepChanges, now - KeepDevices);
        var removed = await database.Sessions.Where(row => row.ExpiresAt < limit || row.RevokedAt < limit).ExecuteDeleteAsync(cancellationToken);
        await database.AccountTokens.Where(row => row.ExpiresAt < limit).ExecuteDeleteAsync(cancellationToken);
        await database.TwoFactorChallenges.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await database.PendingLogins.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await database.EmailChanges.Where(row => row.CreatedAt < changes).ExecuteDeleteAsync(cancellationToken);
        await database.UserDevices.Where(row => row.LastSeenAt < devices).ExecuteDeleteAsync(cancellationToken);
        if (removed > 0) Log.Removed(logger, removed);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} sessions that were over")]
        public static partial void Removed(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Sessions and tokens that are over were not removed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
