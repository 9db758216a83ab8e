using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Platform.Core.GitHub;

/// <summary>What GitHub answered lately, with the tags by which it says that nothing has changed, and who must not ask for now.</summary>
internal sealed class GitHubAnswers(TimeProvider time) : IDisposable
{
    private const int MostBytes = 32 * 1024 * 1024;
    private const int LargestAnswer = 1024 * 1024;
    private const int Overhead = 512;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Limits end within the hour: after a longer one is named by mistake, we ask again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(65);

    private readonly MemoryCache _cache = new(Options.Create(new MemoryCacheOptions { SizeLimit = MostBytes }));

    /// <summary>A token's own answers and limits, without the token.</summary>
    public static string CallerOf(HttpRequestMessage request) => request.Headers.Authorization is { } authorization
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authorization.ToString())))
        : "nobody";

    public KeptAnswer? Find(string caller, HttpRequestMessage request) => _cache.Get<KeptAnswer>(Key(caller, request));

    public void Keep(string caller, HttpRequestMessage request, KeptAnswer answer)
    {
        if (answer.Body.Length > LargestAnswer) return;
        _cache.Set(Key(caller, request), answer, new MemoryCacheEntryOptions { SlidingExpiration = Lifetime, Size = answer.Body.Length + Overhead });
    }

    /// <summary>Until when the caller must not ask; null: it may.</summary>
    public DateTimeOffset? FindPause(string caller) =>
        _cache.TryGetValue(("pause", caller), out DateTimeOffset until) && until > time.GetUtcNow() ? until : null;

    public void Pause(string caller, DateTimeOffset until)
    {
        var longest = time.GetUtcNow() + LongestPause;
        _cache.Set(("pause", caller), until < longest ? until : longest, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = LongestPause, Size = Overhead });
    }

    public void Dispose() => _cache.Dispose();

    private static (string Caller, string Address, string Accept) Key(string caller, HttpRequestMessage request) =>
        (caller, request.RequestUri!.AbsoluteUri, request.Headers.Accept.ToString());
}

/// <summary>An answer that GitHub may say is still right.</summary>
/// <param name="ETag">By which it is asked.</param>
/// <param name="Body">As it came.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Link">Where the next page is.</param>
internal sealed record KeptAnswer(string ETag, byte[] Body, string? ContentType, string? Link);
