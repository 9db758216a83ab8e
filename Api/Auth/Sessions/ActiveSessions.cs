using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Platform.Api.Common;
using Platform.Core.Data;

namespace Platform.Api.Auth.Sessions;

/// <summary>
/// Whether the session of an access token still lives, and what its account may do now. The database knows; what it said is remembered for
/// fractions of a second, here and in Redis, which together are less than <see cref="Limit"/>: that long after a session was ended, an
/// account closed or a role changed, by whatever statement, no instance acts on what was before.
/// </summary>
internal sealed class ActiveSessions(IServiceScopeFactory scopes, LiveSessionCache shared, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(300);

    // From this age on what is remembered is looked at again while it is used, by one request and beside it: the others never wait.
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(200);

    // What the database said before this long is not handed on to others.
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    // "Last seen" is for people: it is written once a minute, not with every request.
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly Lock _lock = new();

    /// <summary>The session, or null: it is over, or its account is closed or gone.</summary>
    public ValueTask<LiveSession?> FindAsync(Guid sessionId, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!_memory.TryGetValue(sessionId, out Known? known)) return new ValueTask<LiveSession?>(AskAsync(sessionId, address, cancellationToken));
        if (known!.Session is not null && Stopwatch.GetElapsedTime(known.Asked) >= Renewal && known.BeginRenewal()) _ = RenewAsync(sessionId, address);
        return ValueTask.FromResult(known.Session);
    }

    public async ValueTask<bool> IsActiveAsync(Guid sessionId, CancellationToken cancellationToken) =>
        await FindAsync(sessionId, address: null, cancellationToken) is not null;

    /// <summary>Called when sessions were ended: this instance and those that read Redis know it at once.</summary>
    public Task EndedAsync(IReadOnlyCollection<Guid> sessionIds)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var id in sessionIds) Remember(id, null, now);
        return shared.RemoveAsync(sessionIds);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Whoever asks after it failed asks for itself, and is told.</summary>
    private async Task RenewAsync(Guid sessionId, IPAddress? address) =>
        await ((Task)AskAsync(sessionId, address, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<LiveSession?> AskAsync(Guid sessionId, IPAddress? address, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        if (await shared.FindAsync(sessionId) is { } cached)
        {
            if (cached.ExpiresAt > time.GetUtcNow()) return Remember(sessionId, cached, asked);
            return Remember(sessionId, null, asked);
        }

        asked = Stopwatch.GetTimestamp();
        var found = Remember(sessionId, await ReadAsync(sessionId, address, cancellationToken), asked);
        // For others: nobody has to wait for it.
        if (found is not null && Stopwatch.GetElapsedTime(asked) < Fresh) _ = shared.SetAsync(sessionId, found);
        return found;
    }

    private async Task<LiveSession?> ReadAsync(Guid sessionId, IPAddress? address, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var now = time.GetUtcNow();
        var row = await database.Sessions
            .Where(session => session.Id == sessionId && session.RevokedAt == null && session.ExpiresAt > now)
            .Join(database.Users, session => session.UserId, user => user.Id, (session, user) => new { Session = session, User = user })
            .Where(pair => pair.User.DisabledAt == null)
            .Select(pair => new
            {
                pair.Session.UserId,
                pair.Session.ExpiresAt,
                pair.Session.UserAgent,
                pair.Session.LastSeenAt,
                pair.User.EmailConfirmed,
                IsAdmin = database.UserRoles.Any(member =>
                    member.UserId == pair.User.Id && database.Roles.Any(role => role.Id == member.RoleId && role.Name == PlatformRoles.Admin)),
            })
            .AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (row is null) return null;

        var seenBefore = now - SeenInterval;
        if (row.LastSeenAt < seenBefore)
        {
            var seenAt = address?.ToString();
            await database.Sessions.Where(session => session.Id == sessionId && session.LastSeenAt < seenBefore).ExecuteUpdateAsync(
                session => session
                    .SetProperty(each => each.LastSeenAt, now)
                    .SetProperty(each => each.IpAddress, each => seenAt ?? each.IpAddress),
                cancellationToken);
        }

        return new LiveSession(
            row.UserId, row.IsAdmin ? PlatformRoles.Admin : PlatformRoles.User, row.EmailConfirmed, row.ExpiresAt, DeviceNames.Describe(row.UserAgent));
    }

    // Counted from when the answer was asked for: a slow answer is an old one, and does not take back what came to be known meanwhile.
    private LiveSession? Remember(Guid sessionId, LiveSession? session, long asked)
    {
        var rest = Memory - Stopwatch.GetElapsedTime(asked);
        if (rest <= TimeSpan.Zero) return session;
        lock (_lock)
        {
            if (_memory.TryGetValue(sessionId, out Known? known) && known!.Asked > asked) return known.Session;
            _memory.Set(sessionId, new Known(session, asked), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = rest, Size = 1 });
            return session;
        }
    }

    private sealed record Known(LiveSession? Session, long Asked)
    {
        private int _renewals;

        /// <summary>True for one caller.</summary>
        public bool BeginRenewal() => Interlocked.Exchange(ref _renewals, 1) == 0;
    }
}
