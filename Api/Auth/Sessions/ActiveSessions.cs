using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Platform.Core.Data;

namespace Platform.Api.Auth.Sessions;

/// <summary>
/// Whether the session of an access token still lives. Remembered for a few seconds, so that a request costs no query; an ended session is
/// refused at once by the instance that ended it and within <see cref="Memory"/> by the others.
/// </summary>
internal sealed class ActiveSessions(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public async ValueTask<bool> IsActiveAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(sessionId, out bool known)) return known;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var now = time.GetUtcNow();
        var active = await database.Sessions.AnyAsync(
            session => session.Id == sessionId && session.RevokedAt == null && session.ExpiresAt > now, cancellationToken);
        Remember(sessionId, active);
        return active;
    }

    public void Ended(Guid sessionId) => Remember(sessionId, active: false);

    public void Dispose() => _cache.Dispose();

    private void Remember(Guid sessionId, bool active) =>
        _cache.Set(sessionId, active, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Memory, Size = 1 });
}
