using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Platform.Api.Snippets;

/// <summary>
/// Lists as they are sent, in Redis and beside it in this process. Each owner (and the public list) has a generation in Redis that is part of every
/// key: a write raises it, and no list made before is found again, whichever instance made it. A list is made by one caller of an instance while
/// the others wait for it. Without Redis nothing is remembered.
/// </summary>
internal sealed partial class SnippetCache(
    IConnectionMultiplexer redis, IOptions<SnippetOptions> options, TimeProvider time, ILogger<SnippetCache> logger) : IDisposable
{
    /// <summary>Generation of the public list.</summary>
    public const string Everybody = "public";

    private static readonly TimeSpan RetryRedisAfter = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _local = new(new MemoryCacheOptions { SizeLimit = options.Value.LocalCacheMegabytes * 1024L * 1024L });
    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _loading = new();

    // Whose generation could not be raised: this instance does not trust what is remembered of them until it was.
    private readonly ConcurrentDictionary<string, bool> _dirty = new();
    private long _redisAwayUntil;

    /// <summary>The list that is remembered under the scope and the key, or else what <paramref name="load"/> makes.</summary>
    public async Task<byte[]> GetAsync(string scope, string key, Func<CancellationToken, Task<byte[]>> load, CancellationToken cancellationToken)
    {
        if (await FindGenerationAsync(scope) is not { } generation) return await load(cancellationToken);
        var name = $"snippets:list:{scope}:{generation.ToString(CultureInfo.InvariantCulture)}:{Hash(key)}";
        if (_local.TryGetValue(name, out byte[]? known)) return known!;

        // One load for all who ask now; it belongs to none of them, so it does not end with the first one's connection.
        var loading = _loading.GetOrAdd(name, _ => new Lazy<Task<byte[]>>(() => LoadAsync(name, load)));
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (loading.Value.IsCompleted) _loading.TryRemove(KeyValuePair.Create(name, loading));
        }
    }

    /// <summary>Something of these scopes was written.</summary>
    public async Task ForgetAsync(params IReadOnlyList<string> scopes)
    {
        foreach (var scope in scopes) _dirty[scope] = true;
        foreach (var scope in scopes) await TryRaiseAsync(scope);
    }

    public void Dispose() => _local.Dispose();

    private async Task<byte[]> LoadAsync(string name, Func<CancellationToken, Task<byte[]>> load)
    {
        var stored = await TryAsync(database => database.StringGetAsync(name));
        var body = stored is { IsNull: false } found ? (byte[])found! : await load(CancellationToken.None);
        if (stored is { IsNull: true }) await TryAsync(database => database.StringSetAsync(name, body, options.Value.CacheTime));
        _local.Set(name, body, new MemoryCacheEntryOptions { Size = body.Length + 200, AbsoluteExpirationRelativeToNow = options.Value.CacheTime });
        return body;
    }

    /// <summary>The generation, or null when Redis cannot tell it or could not be told of a write.</summary>
    private async Task<long?> FindGenerationAsync(string scope)
    {
        if (_dirty.ContainsKey(scope) && !await TryRaiseAsync(scope)) return null;
        return await TryAsync(database => database.StringGetAsync(Generation(scope))) is { } value ? (long?)value ?? 0 : null;
    }

    private async Task<bool> TryRaiseAsync(string scope)
    {
        if (await TryAsync(database => database.StringIncrementAsync(Generation(scope))) is null) return false;
        _dirty.TryRemove(scope, out _);
        return true;
    }

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> call)
        where T : struct
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref _redisAwayUntil)) return null;
        try
        {
            return await call(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Volatile.Write(ref _redisAwayUntil, (time.GetUtcNow() + RetryRedisAfter).UtcTicks);
            Log.Away(logger, exception);
            return null;
        }
    }

    private static string Generation(string scope) => $"snippets:generation:{scope}";

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));

    private static partial class Log
    {
        [LoggerMessage(6101, LogLevel.Warning, "Lists of snippets are not cached, Redis does not answer")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
