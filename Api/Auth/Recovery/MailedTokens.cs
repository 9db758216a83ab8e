using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Tokens;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Recovery;

/// <summary>What goes into a mail; nothing of it is stored as it is.</summary>
internal sealed record MailedToken(string Token, string Code);

/// <summary>Purposes of <see cref="MailedTokens"/>.</summary>
internal static class MailedTokenPurpose
{
    public const string VerifyEmail = "verify-email";
    public const string ResetPassword = "reset-password";
}

/// <summary>Tokens and codes that prove by mail who somebody is: stored hashed, over after a while, used once.</summary>
internal sealed class MailedTokens(PlatformDbContext database, AuthKeys keys, TimeProvider time)
{
    /// <summary>Codes that may be tried against one mail: five of a million.</summary>
    public const int MaxAttempts = 5;

    /// <summary>Mails of one purpose to one account within an hour: no mailbox is flooded, and no code is guessed by asking for many.</summary>
    public const int MaxPerHour = 5;

    private const int TokenBytes = 32;

    /// <summary>A new token and code, or null when the account got too many.</summary>
    public async Task<MailedToken?> IssueAsync(PlatformUser user, string purpose, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - TimeSpan.FromHours(1);
        if (await database.AccountTokens.CountAsync(row => row.UserId == user.Id && row.Purpose == purpose && row.CreatedAt > since, cancellationToken) >= MaxPerHour)
            return null;

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        database.AccountTokens.Add(new AccountToken
        {
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            Purpose = purpose,
            Email = user.Email!,
            TokenHash = Hash(token),
            CodeHash = HashCode(user.Id, code),
            ExpiresAt = now + lifetime,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
        return new MailedToken(token, code);
    }

    /// <summary>The account and address of a token that can still be used; looks only.</summary>
    public Task<AccountToken?> FindAsync(string token, string purpose, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        return Usable(purpose).AsNoTracking().SingleOrDefaultAsync(row => row.TokenHash == hash, cancellationToken);
    }

    /// <summary>Uses a token up. Null: it is not ours, over, used, or the account has another address by now.</summary>
    public async Task<AccountToken?> UseAsync(string token, string purpose, CancellationToken cancellationToken) =>
        await FindAsync(token, purpose, cancellationToken) is { } found && await UseAsync(found.Id, purpose, cancellationToken) ? found : null;

    /// <summary>
    /// Uses up the newest mail to an address by its code. Every try is counted before it is compared, so that tries that arrive together are
    /// all counted; the caller commits also when this answers null.
    /// </summary>
    public async Task<AccountToken?> UseCodeAsync(string normalizedEmail, string code, string purpose, CancellationToken cancellationToken)
    {
        var newest = database.AccountTokens
            .Where(row => row.Purpose == purpose && database.Users.Any(user => user.Id == row.UserId && user.NormalizedEmail == normalizedEmail))
            .OrderByDescending(row => row.CreatedAt)
            .Select(row => row.Id)
            .Take(1);
        var counted = await Usable(purpose).Where(row => newest.Contains(row.Id) && row.Attempts < MaxAttempts)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Attempts, each => each.Attempts + 1), cancellationToken);
        var found = await database.AccountTokens.AsNoTracking().SingleOrDefaultAsync(row => newest.Contains(row.Id), cancellationToken);
        var given = HashCode(found?.UserId ?? Guid.Empty, code);
        var same = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(found?.CodeHash ?? Hash("")));
        return counted == 1 && found is not null && same && await UseAsync(found.Id, purpose, cancellationToken) ? found : null;
    }

    /// <summary>What else was mailed for this purpose is worth nothing any more.</summary>
    public Task<int> ForgetAsync(Guid userId, string purpose, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        return database.AccountTokens.Where(row => row.UserId == userId && row.Purpose == purpose && row.UsedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.UsedAt, now), cancellationToken);
    }

    // Of requests with one token, one changes the row.
    private async Task<bool> UseAsync(Guid id, string purpose, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        return await Usable(purpose).Where(row => row.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.UsedAt, now), cancellationToken) == 1;
    }

    private IQueryable<AccountToken> Usable(string purpose)
    {
        var now = time.GetUtcNow();
        return database.AccountTokens.Where(row =>
            row.Purpose == purpose && row.UsedAt == null && row.ExpiresAt > now
            && database.Users.Any(user => user.Id == row.UserId && user.Email == row.Email && user.DisabledAt == null));
    }

    private string HashCode(Guid userId, string code) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.MailCodes, Encoding.UTF8.GetBytes($"{userId:N}:{code}")));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
