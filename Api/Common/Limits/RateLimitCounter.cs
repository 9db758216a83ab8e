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
internal sealed class RateLimitCounter(RedisGate gate) : IDisposable
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

    private readonly PartitionedRateLimiter<(RateLimitRule Rule, string Key)> _local =
        PartitionedRateLimiter.Create<(RateLimitRule Rule, string Key), string>(entry => RateLimitPartition.GetFixedWindowLimiter(
            entry.Key,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Half(entry.Rule), Window = entry.Rule.Window, QueueLimit = 0 }));

    public async Task<RateLimitState> CountAsync(RateLimitPolicy policy, RateLimitRule rule, string partition)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"limit:{policy}:{partition}");
        var (answered, state) = await gate.TryAsync(redis => CountInRedisAsync(redis, key, rule));
        return answered ? state : CountLocally(key, rule);
    }

    public void Dispose() => _local.Dispose();

    private static async Task<RateLimitState> CountInRedisAsync(IDatabase redis, string key, RateLimitRule rule)
    {
        var answer = ((RedisValue[]?)await redis.ScriptEvaluateAsync(Script, [key], [(long)rule.Window.TotalMilliseconds]))!;
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
}
