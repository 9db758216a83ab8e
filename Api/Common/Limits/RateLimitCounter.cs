using System.Globalization;
using System.Threading.RateLimiting;
using StackExchange.Redis;

namespace Platform.Api.Common.Limits;

/// <summary>Where a caller stands after this request.</summary>
internal readonly record struct RateLimitState(bool Allowed, int Limit, int Remaining, TimeSpan Reset);

/// <summary>
/// Counts in Redis, so that all instances share one count: a window starts with the first request of a caller. While Redis is away each
/// instance counts for itself and allows half, so that an outage opens no door.
/// </summary>
internal sealed partial class RateLimitCounter(IConnectionMultiplexer redis, TimeProvider time, ILogger<RateLimitCounter> logger) : IDisposable
{
    private const string Script = """
        local count = redis.call('INCR', KEYS[1])
        if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            left = tonumber(ARGV[1])
        end
        return {count, left}
        """;

    private static readonly TimeSpan RetryRedisAfter = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<(RateLimitRule Rule, string Key)> _local =
        PartitionedRateLimiter.Create<(RateLimitRule Rule, string Key), string>(entry => RateLimitPartition.GetFixedWindowLimiter(
            entry.Key,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Half(entry.Rule), Window = entry.Rule.Window, QueueLimit = 0 }));

    private long _redisAwayUntil;

    public async Task<RateLimitState> CountAsync(RateLimitPolicy policy, RateLimitRule rule, string partition)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"limit:{policy}:{partition}");
        if (time.GetUtcNow().UtcTicks >= Volatile.Read(ref _redisAwayUntil))
        {
            try
            {
                return await CountInRedisAsync(key, rule);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // Not every request shall wait for a time-out.
                Volatile.Write(ref _redisAwayUntil, (time.GetUtcNow() + RetryRedisAfter).UtcTicks);
                Log.CountingLocally(logger, exception);
            }
        }

        return CountLocally(key, rule);
    }

    public void Dispose() => _local.Dispose();

    private async Task<RateLimitState> CountInRedisAsync(string key, RateLimitRule rule)
    {
        var answer = ((RedisValue[]?)await redis.GetDatabase().ScriptEvaluateAsync(Script, [key], [(long)rule.Window.TotalMilliseconds]))!;
        var count = (long)answer[0];
        return new RateLimitState(
            count <= rule.PermitLimit,
            rule.PermitLimit,
            (int)Math.Max(0, rule.PermitLimit - count),
            TimeSpan.FromMilliseconds((long)answer[1]));
    }

    private RateLimitState CountLocally(string key, RateLimitRule rule)
    {
        using var lease = _local.AttemptAcquire((rule, key));
        var reset = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : rule.Window;
        var remaining = (int)(_local.GetStatistics((rule, key))?.CurrentAvailablePermits ?? 0);
        return new RateLimitState(lease.IsAcquired, Half(rule), remaining, reset);
    }

    private static int Half(RateLimitRule rule) => Math.Max(1, rule.PermitLimit / 2);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Rate limits are counted by this instance alone, Redis does not answer")]
        public static partial void CountingLocally(ILogger logger, Exception exception);
    }
}
