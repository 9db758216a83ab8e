using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;

namespace Platform.Api.Snippets;

/// <summary>A list as it is sent.</summary>
/// <param name="Body">JSON.</param>
/// <param name="Tag">By which a browser asks whether it changed.</param>
internal sealed record CachedList(byte[] Body, string Tag)
{
    public static CachedList Of(byte[] body) =>
        new(body, string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\""));
}

/// <summary>
/// Lists as they are sent, in Redis and beside it in this process. Each owner (and the public list) has a generation that is part of every key: a
/// write raises it (<see cref="SnippetGenerations"/>), and no list made before is found again, whichever instance made it. A list is made by one
/// caller of an instance while the others wait for it. Without Redis nothing is remembered.
/// </summary>
internal sealed class SnippetCache(RedisGate gate, SnippetGenerations generations, IOptions<SnippetOptions> options) : IDisposable
{
    /// <summary>Generation of the public list.</summary>
    public const string Everybody = "public";

    private readonly MemoryCache _local = new(new MemoryCacheOptions { SizeLimit = options.Value.LocalCacheMegabytes * 1024L * 1024L });
    private readonly ConcurrentDictionary<object, Lazy<Task<CachedList>>> _loading = new();

    /// <summary>The list that is remembered under the scope and the key, or else what <paramref name="load"/> makes.</summary>
    public ValueTask<CachedList> GetAsync<TKey>(string scope, TKey key, Func<CancellationToken, Task<byte[]>> load, CancellationToken cancellationToken)
        where TKey : notnull =>
        generations.FindTrusted(scope) is { } generation && _local.TryGetValue((scope, generation, key), out CachedList? known)
            ? ValueTask.FromResult(known!)
            : new ValueTask<CachedList>(FindAsync(scope, key, load, cancellationToken));

    /// <summary>Something of these scopes was written: returns when no instance answers with what was before.</summary>
    public Task ForgetAsync(params IReadOnlyList<string> scopes) => generations.RaiseAsync(scopes);

    public void Dispose() => _local.Dispose();

    private async Task<CachedList> FindAsync<TKey>(string scope, TKey key, Func<CancellationToken, Task<byte[]>> load, CancellationToken cancellationToken)
        where TKey : notnull
    {
        if (await generations.FindAsync(scope) is not { } generation) return CachedList.Of(await load(cancellationToken));
        var name = (scope, generation, key);
        if (_local.TryGetValue(name, out CachedList? known)) return known!;

        // One load for all who ask now; it belongs to none of them, so it does not end with the first one's connection.
        var shared = $"snippets:list:{scope}:{generation.ToString(CultureInfo.InvariantCulture)}:{Hash(JsonSerializer.Serialize(key))}";
        var loading = _loading.GetOrAdd(name, _ => new Lazy<Task<CachedList>>(() => LoadAsync(name, shared, load)));
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (loading.Value.IsCompleted) _loading.TryRemove(KeyValuePair.Create((object)name, loading));
        }
    }

    private async Task<CachedList> LoadAsync(object name, string shared, Func<CancellationToken, Task<byte[]>> load)
    {
        var (answered, stored) = await gate.TryAsync(redis => redis.StringGetAsync(shared));
        var isStored = answered && !stored.IsNull;
        var list = CachedList.Of(isStored ? (byte[])stored! : await load(CancellationToken.None));
        if (answered && !isStored) await gate.TryAsync(redis => redis.StringSetAsync(shared, list.Body, options.Value.CacheTime));
        _local.Set(name, list, new MemoryCacheEntryOptions { Size = list.Body.Length + 200, AbsoluteExpirationRelativeToNow = options.Value.CacheTime });
        return list;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
}
