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
    // What is more than is left is refused whole, and what is refused is not counted.
    private const string Script = """
        local count = tonumber(redis.call('GET', KEYS[1]) or '0')
        local allowed = count + tonumber(ARGV[2]) <= tonumber(ARGV[3])
        if allowed then count = redis.call('INCRBY', KEYS[1], ARGV[2]) end
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            left = tonumber(ARGV[1])
        end
        return {allowed and 1 or 0, count, left}
        """;

    private readonly PartitionedRateLimiter<(RateLimitRule Rule, string Key)> _local =
        PartitionedRateLimiter.Create<(RateLimitRule Rule, string Key), string>(entry => RateLimitPartition.GetFixedWindowLimiter(
            entry.Key,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Half(entry.Rule), Window = entry.Rule.Window, QueueLimit = 0 }));

    /// <param name="policy">The limit.</param>
    /// <param name="rule">What it is now.</param>
    /// <param name="partition">Who is counted.</param>
    /// <param name="cost">As how many the request counts.</param>
    public async Task<RateLimitState> CountAsync(RateLimitPolicy policy, RateLimitRule rule, string partition, int cost = 1)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"limit:{policy}:{partition}");
        var (answered, state) = await gate.TryAsync(redis => CountInRedisAsync(redis, key, rule, cost));
        return answered ? state : CountLocally(key, rule, cost);
    }

    public void Dispose() => _local.Dispose();

    private static async Task<RateLimitState> CountInRedisAsync(IDatabase redis, string key, RateLimitRule rule, int cost)
    {
        var answer = ((RedisValue[]?)await redis.ScriptEvaluateAsync(Script, [key], [(long)rule.Window.TotalMilliseconds, cost, rule.PermitLimit]))!;
        return new RateLimitState(
            (long)answer[0] == 1,
            rule.PermitLimit,
            (int)Math.Max(0, rule.PermitLimit - (long)answer[1]),
            TimeSpan.FromMilliseconds((long)answer[2]));
    }

    private RateLimitState CountLocally(string key, RateLimitRule rule, int cost)
    {
        // The limiter takes no more at once than it ever gives.
        if (cost > Half(rule)) return new RateLimitState(Allowed: false, Half(rule), Available(key, rule), rule.Window);
        using var lease = _local.AttemptAcquire((rule, key), cost);
        var reset = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : rule.Window;
        return new RateLimitState(lease.IsAcquired, Half(rule), Available(key, rule), reset);
    }

    private int Available(string key, RateLimitRule rule) => (int)(_local.GetStatistics((rule, key))?.CurrentAvailablePermits ?? 0);

    private static int Half(RateLimitRule rule) => Math.Max(1, rule.PermitLimit / 2);
}
