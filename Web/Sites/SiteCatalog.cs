using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Platform.Web.Sites;

/// <summary>
/// What host names serve, kept in memory. An announced change drops an entry at once; an entry that has become old is served once more while
/// another look is taken, and when the database is away for as long as that lasts: sites outlive it.
/// </summary>
internal sealed partial class SiteCatalog(SiteLookup lookup, IOptions<SiteHostOptions> options, TimeProvider time, ILogger<SiteCatalog> logger)
{
    private const int MaxEntries = 20_000;
    private const int LongestHost = 255;

    // Strangers' names are asked for again seldom; a domain that becomes somebody's site is announced.
    private static readonly TimeSpan StrangerFreshness = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Emergency = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, SiteEntry> _entries = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Finds what needs no waiting.</summary>
    /// <param name="host">The Host header as it came.</param>
    /// <param name="site">What it names.</param>
    public bool TryFind(string host, [NotNullWhen(true)] out SiteEntry? site)
    {
        if (!_entries.TryGetValue(host, out site)) return false;
        var now = time.GetUtcNow();
        if (now < site.FreshUntil) return true;
        if (now >= site.StaleUntil) return false;
        if (site.TryBeginRefresh()) _ = RefreshAsync(host, site);
        return true;
    }

    /// <summary>Finds what a Host header names.</summary>
    public Task<SiteEntry> FindAsync(string host, CancellationToken cancellationToken) =>
        TryFind(host, out var site) ? Task.FromResult(site) : LoadAsync(host, _entries.GetValueOrDefault(host), cancellationToken);

    /// <summary>A site has changed; a name that nobody had may now be its.</summary>
    public void Forget(string slug)
    {
        Interlocked.Increment(ref _changes);
        foreach (var (host, entry) in _entries)
        {
            if (entry.Slug is null || entry.Slug == slug) Expire(host, entry);
        }
    }

    /// <summary>Anything may have changed: announcements may have been lost.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _changes);
        foreach (var (host, entry) in _entries) Expire(host, entry);
    }

    /// <summary>The entry stays for the case that the database is away, but nobody is served from it before another look.</summary>
    private void Expire(string host, SiteEntry entry)
    {
        if (entry.Content is null) _entries.TryRemove(KeyValuePair.Create(host, entry));
        else (entry.FreshUntil, entry.StaleUntil) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    }

    private async Task RefreshAsync(string host, SiteEntry entry)
    {
        try
        {
            await LoadAsync(host, entry, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whoever asks next waits for an answer and sees the failure.
            Log.RefreshFailed(logger, host, exception);
        }
        finally
        {
            entry.EndRefresh();
        }
    }

    private async Task<SiteEntry> LoadAsync(string host, SiteEntry? known, CancellationToken cancellationToken)
    {
        var changes = Interlocked.Read(ref _changes);
        SiteEntry entry;
        try
        {
            entry = await lookup.FindAsync(new HostString(host).Host, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && known?.Content is not null)
        {
            Log.RefreshFailed(logger, host, exception);
            var again = time.GetUtcNow() + options.Value.Freshness;
            if (again > known.LoadedAt + Emergency) throw;
            (known.FreshUntil, known.StaleUntil) = (again, again);
            return known;
        }

        Keep(host, entry, changes);
        return entry;
    }

    private void Keep(string host, SiteEntry entry, long changes)
    {
        // What was read before a change was announced may be what the change has replaced.
        if (changes != Interlocked.Read(ref _changes) || host.Length > LongestHost) return;
        var now = time.GetUtcNow();
        var freshness = entry.IsOurs ? options.Value.Freshness : StrangerFreshness;
        if (!entry.IsOurs) entry = new SiteEntry();
        (entry.LoadedAt, entry.FreshUntil, entry.StaleUntil) = (now, now + freshness, now + (2 * freshness));
        if (_entries.Count >= MaxEntries) DropOld(now);
        if (_entries.Count >= MaxEntries) return;
        _entries[host] = entry;

        // Announced in this instant, when there was nothing to expire yet.
        if (changes != Interlocked.Read(ref _changes)) Expire(host, entry);
    }

    private void DropOld(DateTimeOffset now)
    {
        foreach (var (host, entry) in _entries)
        {
            if (entry.StaleUntil < now || entry.Content is null) _entries.TryRemove(KeyValuePair.Create(host, entry));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not look up {Host} again")]
        public static partial void RefreshFailed(ILogger logger, string host, Exception exception);
    }
}
