using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Removes challenges, interrupted sign-ins and changes of address that nobody can finish any more.</summary>
internal sealed partial class IdentityCleaner(IServiceScopeFactory scopes, TimeProvider time, ILogger<IdentityCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // What stands in email_changes is asked for when somebody says that it was not them.
    private static readonly TimeSpan KeepChanges = TimeSpan.FromDays(30);

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
                Log.Failed(logger, exception);
            }
        }
    }

    internal async Task CleanAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var now = time.GetUtcNow();
        var limit = now - KeepChanges;
        await database.TwoFactorChallenges.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await database.PendingLogins.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await database.EmailChanges.Where(row => row.CreatedAt < limit).ExecuteDeleteAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old challenges and pending sign-ins were not removed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
