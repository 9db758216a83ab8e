using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Api.Common.Limits;

/// <summary>Where a caller stands after this request.</summary>
internal readonly record struct RateLimitState(bool Allowed, int Limit, int Remaining, TimeSpan Reset);

/// <summary>
/// Counts in Redis, so that all instances share one count: a window starts with the first request of a caller. Of a large limit an instance
/// takes several at a time, a small share of what is left, and spends them without asking again; what it does not spend is lost to the window, so
/// together the instances allow a little less than the limit and never more. While Redis is away each instance counts for itself and allows half, so
/// that an outage opens no door.
/// </summary>
internal sealed class RateLimitCounter(RedisGate gate, TimeProvider time) : IDisposable
{
    /// <summary>One of so many parts of what is left is taken at once: a limit of 5 is counted one by one.</summary>
    private const int Share = 32;

    private const int MostAtOnce = 1024;

    // What costs more than is left is refused whole, and what is refused is not counted.
    private const string Script = """
        local limit, cost = tonumber(ARGV[2]), tonumber(ARGV[5])
        local count = tonumber(redis.call('GET', KEYS[1]) or '0')
        local taken = 0
        if count + cost <= limit then
            taken = math.max(cost, math.min(math.floor((limit - count) / tonumber(ARGV[3])), tonumber(ARGV[4])))
            count = redis.call('INCRBY', KEYS[1], taken)
        end
        local ends = redis.call('PTTL', KEYS[1])
        if ends < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            ends = tonumber(ARGV[1])
        end
        return {count, ends, taken}
        """;

    private readonly MemoryCache _leases = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    private readonly PartitionedRateLimiter<(RateLimitRule Rule, string Key)> _local =
        PartitionedRateLimiter.Create<(RateLimitRule Rule, string Key), string>(entry => RateLimitPartition.GetFixedWindowLimiter(
            entry.Key,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Half(entry.Rule), Window = entry.Rule.Window, QueueLimit = 0 }));

    /// <param name="policy">The limit.</param>
    /// <param name="rule">What it is now.</param>
    /// <param name="partition">Who is counted.</param>
    /// <param name="cost">As how many the request counts.</param>
    public ValueTask<RateLimitState> CountAsync(RateLimitPolicy policy, RateLimitRule rule, string partition, int cost = 1) =>
        _leases.TryGetValue((policy, partition), out Lease? lease) && lease!.TrySpend(cost, rule.PermitLimit, time) is { } state
            ? ValueTask.FromResult(state)
            : new ValueTask<RateLimitState>(AskAsync(policy, rule, partition, cost));

    public void Dispose()
    {
        _local.Dispose();
        _leases.Dispose();
    }

    private async Task<RateLimitState> AskAsync(RateLimitPolicy policy, RateLimitRule rule, string partition, int cost)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"limit:{policy}:{partition}");
        var asked = time.GetTimestamp();
        var (answered, answer) = await gate.TryAsync(redis => redis.ScriptEvaluateAsync(
            Script, [key], [(long)rule.Window.TotalMilliseconds, rule.PermitLimit, Share, MostAtOnce, cost]));
        return answered ? Take((policy, partition), rule, (RedisValue[])answer!, cost, asked) : CountLocally(key, rule, cost);
    }

    private RateLimitState Take((RateLimitPolicy Policy, string Partition) caller, RateLimitRule rule, RedisValue[] answer, int cost, long asked)
    {
        var (count, reset, taken) = ((long)answer[0], TimeSpan.FromMilliseconds((long)answer[1]), (int)answer[2]);
        var left = (int)Math.Max(0, rule.PermitLimit - count);
        if (taken == 0) return new RateLimitState(Allowed: false, rule.PermitLimit, left, reset);
        if (taken > cost) Keep(caller, new Lease(rule.PermitLimit, taken - cost, left, asked, reset));
        return new RateLimitState(Allowed: true, rule.PermitLimit, left + taken - cost, reset);
    }

    /// <summary>Several requests that found nothing left may each have taken some: none of it is dropped.</summary>
    private void Keep((RateLimitPolicy Policy, string Partition) caller, Lease lease)
    {
        if (_leases.TryGetValue(caller, out Lease? known) && known!.TryAdd(lease, time)) return;
        _leases.Set(caller, lease, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = lease.Reset, Size = 1 });
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

    /// <summary>What this instance has taken of a caller's window and not spent yet.</summary>
    private sealed class Lease(int limit, int unspent, int left, long asked, TimeSpan reset)
    {
        private readonly Lock _lock = new();
        private int _unspent = unspent;
        private int _left = left;

        public TimeSpan Reset => reset;

        /// <summary>Null: not enough is left of it, its window is over, or the limit has been changed.</summary>
        public RateLimitState? TrySpend(int cost, int currentLimit, TimeProvider time)
        {
            // Counted from before Redis was asked: its window never ends before ours.
            var rest = reset - time.GetElapsedTime(asked);
            lock (_lock)
            {
                if (_unspent < cost || rest <= TimeSpan.Zero || currentLimit != limit) return null;
                _unspent -= cost;
                return new RateLimitState(Allowed: true, limit, _left + _unspent, rest);
            }
        }

        /// <summary>False: this one is of a window that is over.</summary>
        public bool TryAdd(Lease newer, TimeProvider time)
        {
            if (reset <= time.GetElapsedTime(asked)) return false;
            lock (_lock)
            {
                _unspent += newer._unspent;
                _left = Math.Min(_left, newer._left);
                return true;
            }
        }
    }
}
