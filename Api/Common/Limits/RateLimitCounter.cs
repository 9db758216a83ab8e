using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
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

    private const string Script = """
        local left = tonumber(ARGV[2]) - tonumber(redis.call('GET', KEYS[1]) or '0')
        local taken = math.max(1, math.min(math.floor(left / tonumber(ARGV[3])), tonumber(ARGV[4])))
        local count = redis.call('INCRBY', KEYS[1], taken)
        if count == taken then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
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

    public ValueTask<RateLimitState> CountAsync(RateLimitPolicy policy, RateLimitRule rule, string partition) =>
        _leases.TryGetValue((policy, partition), out Lease? lease) && lease!.TrySpend(rule.PermitLimit, time) is { } state
            ? ValueTask.FromResult(state)
            : new ValueTask<RateLimitState>(AskAsync(policy, rule, partition));

    public void Dispose()
    {
        _local.Dispose();
        _leases.Dispose();
    }

    private async Task<RateLimitState> AskAsync(RateLimitPolicy policy, RateLimitRule rule, string partition)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"limit:{policy}:{partition}");
        var asked = time.GetTimestamp();
        var (answered, answer) = await gate.TryAsync(redis => redis.ScriptEvaluateAsync(
            Script, [key], [(long)rule.Window.TotalMilliseconds, rule.PermitLimit, Share, MostAtOnce]));
        return answered ? Take((policy, partition), rule, (RedisValue[])answer!, asked) : CountLocally(key, rule);
    }

    private RateLimitState Take((RateLimitPolicy Policy, string Partition) caller, RateLimitRule rule, RedisValue[] answer, long asked)
    {
        var (count, reset, taken) = ((long)answer[0], TimeSpan.FromMilliseconds((long)answer[1]), (int)answer[2]);
        var left = (int)Math.Max(0, rule.PermitLimit - count);
        if (count <= rule.PermitLimit && taken > 1) Keep(caller, new Lease(rule.PermitLimit, taken - 1, left, asked, reset));
        return new RateLimitState(count <= rule.PermitLimit, rule.PermitLimit, left + taken - 1, reset);
    }

    /// <summary>Several requests that found nothing left may each have taken some: none of it is dropped.</summary>
    private void Keep((RateLimitPolicy Policy, string Partition) caller, Lease lease)
    {
        if (_leases.TryGetValue(caller, out Lease? known) && known!.TryAdd(lease, time)) return;
        _leases.Set(caller, lease, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = lease.Reset, Size = 1 });
    }

    private RateLimitState CountLocally(string key, RateLimitRule rule)
    {
        using var lease = _local.AttemptAcquire((rule, key));
        var reset = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : rule.Window;
        var remaining = (int)(_local.GetStatistics((rule, key))?.CurrentAvailablePermits ?? 0);
        return new RateLimitState(lease.IsAcquired, Half(rule), remaining, reset);
    }

    private static int Half(RateLimitRule rule) => Math.Max(1, rule.PermitLimit / 2);

    /// <summary>What this instance has taken of a caller's window and not spent yet.</summary>
    private sealed class Lease(int limit, int unspent, int left, long asked, TimeSpan reset)
    {
        private readonly Lock _lock = new();
        private int _unspent = unspent;
        private int _left = left;

        public TimeSpan Reset => reset;

        /// <summary>Null: nothing is left of it, its window is over, or the limit has been changed.</summary>
        public RateLimitState? TrySpend(int currentLimit, TimeProvider time)
        {
            // Counted from before Redis was asked: its window never ends before ours.
            var rest = reset - time.GetElapsedTime(asked);
            lock (_lock)
            {
                if (_unspent == 0 || rest <= TimeSpan.Zero || currentLimit != limit) return null;
                _unspent--;
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
