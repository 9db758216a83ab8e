using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Api.Snippets;

/// <summary>
/// The generation of each scope of lists, in Redis. Who reads it may trust it for <see cref="Trust"/> without asking again, and says so in Redis by
/// the same call; who raises it waits until the trust of every other instance has ended. So a write that was answered is seen by every
/// read that begins after it, on every instance, although most reads ask nobody. When Redis cannot be told of a write, the trust of the others
/// ends all the same, and this instance trusts nothing of the scope until Redis could be told.
/// </summary>
internal sealed class SnippetGenerations(RedisGate gate, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(100);

    /// <summary>From this age on a generation that is used is asked for again, by one and off the path of all: who asks often never waits for Redis.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(60);

    // Whether it is trusted is another question.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    // Redis tells whole milliseconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    private const string Many = "*";

    // Of several holders the last one's trust ends last, and the mark with it.
    private const string FindScript = """
        local holder = redis.call('GET', KEYS[2])
        if holder and holder ~= ARGV[1] then holder = ARGV[3] else holder = ARGV[1] end
        redis.call('SET', KEYS[2], holder, 'PX', ARGV[2])
        return tonumber(redis.call('GET', KEYS[1]) or '0')
        """;

    private const string RaiseScript = """
        local generation = redis.call('INCR', KEYS[1])
        local holder = redis.call('GET', KEYS[2])
        if not holder or holder == ARGV[1] then return {generation, 0} end
        return {generation, redis.call('PTTL', KEYS[2])}
        """;

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly Lock _lock = new();

    // Whose generation could not be raised: this instance does not trust what is remembered of them until it was.
    private readonly ConcurrentDictionary<string, bool> _dirty = new(StringComparer.Ordinal);

    /// <summary>The generation when it need not be asked for.</summary>
    public long? FindTrusted(string scope)
    {
        if (!_known.TryGetValue(scope, out Known? known) || !known!.IsTrusted || _dirty.ContainsKey(scope)) return null;
        var age = time.GetElapsedTime(known.Asked);
        if (age >= Trust) return null;
        if (age >= Renewal && known.BeginRenewal()) _ = FindAsync(scope);
        return known.Generation;
    }

    /// <summary>The generation, or null when Redis cannot tell it or could not be told of a write.</summary>
    public async Task<long?> FindAsync(string scope)
    {
        if (_dirty.ContainsKey(scope) && await TryRaiseAsync(scope) is null) return null;
        var asked = time.GetTimestamp();
        var (answered, answer) = await gate.TryAsync(redis => redis.ScriptEvaluateAsync(
            FindScript, [Generation(scope), Holder(scope)], [_instance, (long)Trust.TotalMilliseconds, Many]));
        if (!answered) return null;
        return Remember(scope, new Known((long)answer!, asked, IsTrusted: true));
    }

    /// <summary>Something of these scopes was written: returns when no instance trusts what was before.</summary>
    public async Task RaiseAsync(IReadOnlyList<string> scopes)
    {
        foreach (var scope in scopes) _dirty[scope] = true;
        var longest = TimeSpan.Zero;
        foreach (var scope in scopes)
        {
            // Redis could not be told: others may have asked it until just now.
            var wait = await TryRaiseAsync(scope) ?? Trust;
            if (wait > longest) longest = wait;
        }

        if (longest > TimeSpan.Zero) await Task.Delay(longest, CancellationToken.None);
    }

    public void Dispose() => _known.Dispose();

    /// <summary>How long another instance trusts the generation before; null: Redis could not be told.</summary>
    private async Task<TimeSpan?> TryRaiseAsync(string scope)
    {
        var asked = time.GetTimestamp();
        var (answered, answer) = await gate.TryAsync(redis => redis.ScriptEvaluateAsync(RaiseScript, [Generation(scope), Holder(scope)], [_instance]));
        if (!answered) return null;
        var values = (RedisValue[])answer!;
        // Not trusted: nobody who raises it next would wait for us.
        Remember(scope, new Known((long)values[0], asked, IsTrusted: false));
        _dirty.TryRemove(scope, out _);
        var left = (long)values[1];
        return left > 0 ? TimeSpan.FromMilliseconds(left) + Rounding : TimeSpan.Zero;
    }

    /// <summary>An answer that was on its way while this instance raised the generation does not take it back.</summary>
    private long Remember(string scope, Known answer)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(scope, out Known? known) && known!.Generation > answer.Generation && time.GetElapsedTime(known.Asked) < Trust) return known.Generation;
            _known.Set(scope, answer, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            return answer.Generation;
        }
    }

    private static RedisKey Generation(string scope) => $"snippets:generation:{scope}";

    private static RedisKey Holder(string scope) => $"snippets:holder:{scope}";

    private sealed record Known(long Generation, long Asked, bool IsTrusted)
    {
        private int _renewals;

        /// <summary>True for one caller.</summary>
        public bool BeginRenewal() => Interlocked.Exchange(ref _renewals, 1) == 0;
    }
}
