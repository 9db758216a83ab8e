using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Tokens;

/// <summary>When a key began, or begins, to sign.</summary>
internal sealed record SigningKeyState(string Id, DateTimeOffset ActivatesAt);

/// <summary>
/// The keys that sign access tokens. They lie encrypted in <c>signing_keys</c> and replace each other with overlap: a key is known to every
/// instance before it signs, and verifies until the last token that it signed is over. The configured secret comes before the first of
/// them, and verifies as long as it is configured.
/// </summary>
internal sealed partial class SigningKeys(
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    AuthKeys configured,
    IOptions<AuthOptions> options,
    TimeProvider time,
    ILogger<SigningKeys> logger)
{
    /// <summary>Name of the configured secret in tokens.</summary>
    public const string ConfiguredId = "configured";

    private const int KeyBytes = 64;

    // Only one instance makes the next key.
    private const long RotationLock = 0x7369676E5F6B6579;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Platform.Auth.SigningKeys");
    private readonly JsonWebSignature _configured = new(configured.Tokens, ConfiguredId);
    private ImmutableArray<Key> _keys = [];
    private long _lookedAt;

    /// <summary>Signs new tokens.</summary>
    public JsonWebSignature Current
    {
        get
        {
            var now = time.GetUtcNow();
            return _keys.LastOrDefault(key => key.ActivatesAt <= now)?.Signature ?? _configured;
        }
    }

    public IReadOnlyList<SigningKeyState> States => [.. _keys.Select(key => new SigningKeyState(key.Id, key.ActivatesAt))];

    /// <summary>Verifies tokens that name this key; null: there is no such key (any more).</summary>
    public async ValueTask<JsonWebSignature?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (id is null or ConfiguredId) return _configured;
        if (Find(id) is { } known) return known;
        // Another instance may have made it a moment ago. Made-up names do not make us ask the database every time.
        var now = time.GetUtcNow().UtcTicks;
        var last = Volatile.Read(ref _lookedAt);
        if (!Guid.TryParseExact(id, "N", out _) || now - last < LookAgainAfter.Ticks || Interlocked.CompareExchange(ref _lookedAt, now, last) != last) return null;
        await LoadAsync(cancellationToken);
        return Find(id);
    }

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await LoadAsync(scope.ServiceProvider.GetRequiredService<PlatformDbContext>(), cancellationToken);
    }

    /// <summary>Makes the next key when it is time, or at once when asked to, and removes those whose tokens are all over.</summary>
    /// <returns>The key that was made, or null.</returns>
    public async Task<SigningKeyState?> RotateAsync(bool now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var made = await database.InTransactionAsync(stop => RotateAsync(database, now, stop), cancellationToken);
        await LoadAsync(database, cancellationToken);
        if (made is not null) Log.Made(logger, made.Id, made.ActivatesAt);
        return made;
    }

    private async Task<SigningKeyState?> RotateAsync(PlatformDbContext database, bool always, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({RotationLock})", cancellationToken);
        var now = time.GetUtcNow();
        var rows = await database.SigningKeys.AsNoTracking().OrderBy(key => key.ActivatesAt).ToListAsync(cancellationToken);
        // A key is over when its successor took over so long ago that its last token has ended.
        var over = rows.Zip(rows.Skip(1)).Where(pair => pair.Second.ActivatesAt + options.Value.AccessTokenLifetime + ClockSkew < now)
            .Select(pair => pair.First.Id).ToList();
        if (over.Count > 0) await database.SigningKeys.Where(key => over.Contains(key.Id)).ExecuteDeleteAsync(cancellationToken);

        var newest = rows.Count == 0 ? (DateTimeOffset?)null : rows[^1].ActivatesAt;
        var due = newest is null || newest + options.Value.SigningKeyLifetime - options.Value.SigningKeyNotice <= now;
        if (!due && (!always || newest > now)) return null;

        var next = new SigningKey
        {
            Id = Guid.CreateVersion7(now),
            Secret = _protector.Protect(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))),
            ActivatesAt = now + options.Value.SigningKeyNotice,
            CreatedAt = now,
        };
        database.SigningKeys.Add(next);
        await database.SaveChangesAsync(cancellationToken);
        return new SigningKeyState(next.Id.ToString("N"), next.ActivatesAt);
    }

    private async Task LoadAsync(PlatformDbContext database, CancellationToken cancellationToken)
    {
        var rows = await database.SigningKeys.AsNoTracking().OrderBy(key => key.ActivatesAt).ToListAsync(cancellationToken);
        _keys = [.. rows.Select(Open).OfType<Key>()];
    }

    private Key? Open(SigningKey row)
    {
        try
        {
            var id = row.Id.ToString("N");
            return new Key(id, row.ActivatesAt, new JsonWebSignature(Convert.FromBase64String(_protector.Unprotect(row.Secret)), id));
        }
        catch (CryptographicException exception)
        {
            Log.Unreadable(logger, exception, row.Id);
            return null;
        }
    }

    private JsonWebSignature? Find(string id) => _keys.FirstOrDefault(key => key.Id == id)?.Signature;

    private sealed record Key(string Id, DateTimeOffset ActivatesAt, JsonWebSignature Signature);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Signing key {KeyId} was made and signs from {ActivatesAt} on")]
        public static partial void Made(ILogger logger, string keyId, DateTimeOffset activatesAt);

        [LoggerMessage(2, LogLevel.Error, "Signing key {KeyId} cannot be decrypted and is left out")]
        public static partial void Unreadable(ILogger logger, Exception exception, Guid keyId);
    }
}
