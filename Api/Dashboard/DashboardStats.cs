using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using StackExchange.Redis;

namespace Platform.Api.Dashboard;

/// <summary>Counts what the dashboard shows, at most once a minute for each set of owners.</summary>
internal sealed partial class DashboardStats(PlatformDbContext database, IConnectionMultiplexer redis, TimeProvider time, ILogger<DashboardStats> logger)
{
    public static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(1);

    private const int Month = 30;

    public async Task<DashboardFiguresResponse> GetAsync(IReadOnlyList<Guid> owners, CancellationToken cancellationToken)
    {
        // Who joins or leaves an organisation sees other figures at once: the owners are the key.
        RedisKey key = $"dashboard:{string.Join(',', owners.Order().Select(owner => owner.ToString("N")))}";
        if (await TryAsync(cache => cache.StringGetAsync(key)) is { IsNull: false } known)
            return JsonSerializer.Deserialize<DashboardFiguresResponse>((string)known!)!;

        var figures = await CountAsync(owners, cancellationToken);
        await TryAsync(cache => cache.StringSetAsync(key, JsonSerializer.Serialize(figures), CacheTime));
        return figures;
    }

    /// <summary><c>42s</c>, <c>2.4m</c>, <c>1.5h</c>.</summary>
    internal static string Describe(double seconds) => seconds switch
    {
        < 59.5 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds)}s"),
        < 3597 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds / 60, 1)}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds / 3600, 1)}h"),
    };

    /// <summary><c>+3</c>, <c>-18</c>, <c>0</c>.</summary>
    internal static string Signed(long number) => number.ToString("+0;-0;0", CultureInfo.InvariantCulture);

    private async Task<DashboardFiguresResponse> CountAsync(IReadOnlyList<Guid> owners, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (today, weekAgo, monthAgo, before) = (new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), now.AddDays(-7), now.AddDays(-Month), now.AddDays(-2 * Month));
        var mine = database.Deployments.Where(deployment => owners.Contains(deployment.OwnerId));
        var total = await database.DeploymentCounts.Where(count => owners.Contains(count.OwnerId)).SumAsync(count => count.Total, cancellationToken);
        var week = await mine.LongCountAsync(deployment => deployment.CreatedAt >= weekAgo, cancellationToken);
        var sinceMidnight = await mine.LongCountAsync(deployment => deployment.CreatedAt >= today, cancellationToken);
        var active = await database.Projects.LongCountAsync(project => owners.Contains(project.OwnerId) && project.ProductionDeploymentId != null, cancellationToken);
        var months = await mine
            .Where(deployment => deployment.CreatedAt >= before && (deployment.Status == DeploymentStatus.Success || deployment.Status == DeploymentStatus.Failed))
            .GroupBy(deployment => deployment.CreatedAt >= monthAgo)
            .Select(group => new MonthFigures(
                group.Key,
                group.LongCount(),
                group.LongCount(deployment => deployment.Status == DeploymentStatus.Success),
                group.Where(deployment => deployment.Status == DeploymentStatus.Success).Average(deployment => (double?)deployment.BuildDuration)))
            .ToListAsync(cancellationToken);

        var (current, previous) = (months.Find(month => month.IsCurrent), months.Find(month => !month.IsCurrent));
        return new DashboardFiguresResponse(
            total, Signed(week), active, sinceMidnight, current?.Rate, current?.Rate - previous?.Rate,
            current?.Seconds is { } seconds ? Describe(seconds) : null,
            current?.Seconds - previous?.Seconds is { } difference ? $"{Signed((long)Math.Round(difference))}s" : null);
    }

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> call)
        where T : struct
    {
        try
        {
            return await call(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.NotCached(logger, exception);
            return null;
        }
    }

    private sealed record MonthFigures(bool IsCurrent, long Ended, long Succeeded, double? Seconds)
    {
        public int Rate => (int)Math.Round(100.0 * Succeeded / Ended);
    }

    private static partial class Log
    {
        [LoggerMessage(6301, LogLevel.Warning, "Figures of the dashboard are not cached, Redis does not answer")]
        public static partial void NotCached(ILogger logger, Exception exception);
    }
}
