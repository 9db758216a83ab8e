using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.SignIn;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Asks for the second factor, and knows who was asked.</summary>
internal sealed class TwoFactorChallenges(
    PlatformDbContext database, TwoFactorCodes codes, AccountService accounts, IAuditLog audit, TimeProvider time) : ISecondFactor
{
    public const int MostAttempts = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly string[] Methods = ["totp", "recovery_code"];

    public async Task<SecondFactorChallenge?> ChallengeAsync(PlatformUser user, string method, bool persistent, CancellationToken cancellationToken)
    {
        // Asked of the rows: what the caller holds may be older than the moment somebody turned it on.
        if (!await database.TwoFactors.AnyAsync(row => row.UserId == user.Id && row.EnabledAt != null, cancellationToken)) return null;
        var (token, now) = (OpaqueToken.Create(), time.GetUtcNow());
        var (id, hash, until) = (Guid.CreateVersion7(now), OpaqueToken.Hash(token), now + Lifetime);
        await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO two_factor_challenges (id, user_id, token_hash, method, persistent, security_stamp, attempts, expires_at, created_at)
             VALUES ({id}, {user.Id}, {hash}, {method}, {persistent}, {user.SecurityStamp}, 0, {until}, {now})
             """,
            cancellationToken);
        return new SecondFactorChallenge(token, (int)Lifetime.TotalSeconds, Methods);
    }

    /// <summary>Takes the answer to a challenge.</summary>
    public async Task<TwoFactorAnswer> AnswerAsync(string token, string code, CancellationToken cancellationToken)
    {
        var (hash, now) = (OpaqueToken.Hash(token), time.GetUtcNow());
        var open = database.TwoFactorChallenges.Where(row => row.TokenHash == hash && row.UsedAt == null && row.ExpiresAt > now);
        // Counted before it is looked at: guesses that arrive together do not get more than their number.
        if (await open.Where(row => row.Attempts < MostAttempts)
                .ExecuteUpdateAsync(row => row.SetProperty(each => each.Attempts, each => each.Attempts + 1), cancellationToken) == 0)
        {
            return new TwoFactorAnswer.Expired();
        }

        var challenge = await open.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (challenge is null) return new TwoFactorAnswer.Expired();
        var user = await database.Users.AsNoTracking().SingleAsync(row => row.Id == challenge.UserId, cancellationToken);
        if (user.SecurityStamp != challenge.SecurityStamp) return new TwoFactorAnswer.Expired();

        if (user.LockoutEnd > now || !await codes.TakeAsync(user.Id, code, cancellationToken))
        {
            if (!(user.LockoutEnd > now)) await accounts.CountFailureAsync(user.Id, cancellationToken);
            await audit.RecordAsync(new AuditEntry(AuditActions.TwoFactorRefused, user.Id, "user", user.Id.ToString()), cancellationToken);
            return new TwoFactorAnswer.Wrong();
        }

        if (await open.ExecuteUpdateAsync(row => row.SetProperty(each => each.UsedAt, now), cancellationToken) == 0) return new TwoFactorAnswer.Expired();
        if (user.AccessFailedCount > 0)
        {
            await database.Users.Where(row => row.Id == user.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(each => each.AccessFailedCount, 0), cancellationToken);
        }

        return user.DisabledAt is null ? new TwoFactorAnswer.Right(user, challenge.Method, challenge.Persistent) : new TwoFactorAnswer.Disabled();
    }
}

/// <summary>What became of a challenge.</summary>
internal abstract record TwoFactorAnswer
{
    private TwoFactorAnswer()
    {
    }

    public sealed record Right(PlatformUser User, string Method, bool Persistent) : TwoFactorAnswer;

    public sealed record Wrong : TwoFactorAnswer;

    /// <summary>Unknown, used, too old, guessed too often, or the password was changed since.</summary>
    public sealed record Expired : TwoFactorAnswer;

    public sealed record Disabled : TwoFactorAnswer;
}
