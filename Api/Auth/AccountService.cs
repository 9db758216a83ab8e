using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Api.Auth.Passwords;
using Platform.Api.Auth.Recovery;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth;

/// <summary>Creates accounts and checks passwords.</summary>
internal sealed partial class AccountService(
    PlatformDbContext database,
    UserManager<PlatformUser> users,
    DecoyPassword decoy,
    Administrators administrators,
    EmailVerification verification,
    IAuditLog audit,
    IOptions<AuthOptions> options,
    TimeProvider time,
    ILogger<AccountService> logger)
{
    // "first account": taken only while there is none.
    private const long FirstAccountLock = 0x66697273745F6163;

    /// <summary>
    /// A new account, or null when the address is taken. Its owner gets the activation mail, unless the address is known to be theirs. The
    /// first one of an installation is its administrator where configuration names nobody. Without a password it is opened by a provider only.
    /// </summary>
    public async Task<PlatformUser?> CreateAsync(string name, string email, string? password, bool verified, CancellationToken cancellationToken)
    {
        try
        {
            var user = await database.InTransactionAsync(stop => InsertAsync(name, email, password, verified, stop), cancellationToken);
            if (user is not null) Log.Created(logger, user.Id);
            return user;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody signed up with the address between the look and the insert. What was not stored must not be tried again.
            database.ChangeTracker.Clear();
            return null;
        }
    }

    /// <summary>The account, or null: the address is unknown, the password is wrong, or the account is locked. Each takes as long as the others.</summary>
    public async Task<PlatformUser?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken)
    {
        var user = await users.FindByEmailAsync(email);
        if (user?.PasswordHash is null)
        {
            decoy.Verify(password);
            return await RefuseAsync(user?.Id, "unknown address or no password", countIt: false, cancellationToken);
        }

        var valid = await CheckAsync(user, password, cancellationToken);
        if (user.LockoutEnd > time.GetUtcNow()) return await RefuseAsync(user.Id, "locked", countIt: false, cancellationToken);
        if (!valid) return await RefuseAsync(user.Id, "wrong password", countIt: true, cancellationToken);

        // With a second factor the password is half the way: wrong codes stay counted until a right one comes.
        if (user.AccessFailedCount > 0 && !user.TwoFactorEnabled)
        {
            await database.Users.Where(row => row.Id == user.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(each => each.AccessFailedCount, 0), cancellationToken);
        }

        return user;
    }

    // A hash whose cost was raised is written anew with the check. When somebody else has written the account meanwhile (another sign-in its
    // new hash, or its owner another password), nothing was written, and what stands there now is checked.
    private async Task<bool> CheckAsync(PlatformUser user, string password, CancellationToken cancellationToken)
    {
        var valid = await users.CheckPasswordAsync(user, password);
        if (database.Entry(user).State == EntityState.Unchanged) return valid;
        await database.Entry(user).ReloadAsync(cancellationToken);
        return database.Entry(user).State == EntityState.Unchanged && await users.CheckPasswordAsync(user, password);
    }

    // The same statements for every reason, so that time does not tell them apart.
    private async Task<PlatformUser?> RefuseAsync(Guid? userId, string reason, bool countIt, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            async stop =>
            {
                await CountFailureAsync(countIt ? userId ?? Guid.Empty : Guid.Empty, stop);
                var entry = new AuditEntry(AuditActions.SignInRefused, ActorId: null, "user", userId?.ToString())
                {
                    OwnerId = userId,
                    Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["method"] = "password", ["reason"] = reason },
                };
                await audit.RecordAsync(entry, stop);
            },
            cancellationToken);
        Log.Refused(logger, userId, reason);
        return null;
    }

    /// <summary>Counts a wrong password or code, and locks the account after too many. One statement: guesses that arrive together are all counted.</summary>
    public Task<int> CountFailureAsync(Guid userId, CancellationToken cancellationToken)
    {
        var limit = options.Value.LockoutAfter;
        DateTimeOffset? until = time.GetUtcNow() + options.Value.LockoutTime;
        return database.Users.Where(row => row.Id == userId).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.LockoutEnd, each => each.AccessFailedCount + 1 >= limit ? until : each.LockoutEnd)
                .SetProperty(each => each.AccessFailedCount, each => each.AccessFailedCount + 1 >= limit ? 0 : each.AccessFailedCount + 1),
            cancellationToken);
    }

    private async Task<PlatformUser?> InsertAsync(string name, string email, string? password, bool verified, CancellationToken cancellationToken)
    {
        var first = administrators.IsFirstComeFirstServed && await IsFirstAsync(cancellationToken);
        var now = time.GetUtcNow();
        var user = new PlatformUser
        {
            Id = Guid.CreateVersion7(now),
            Name = name.Trim(),
            Email = email,
            UserName = email,
            EmailConfirmed = verified,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var result = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        if (!result.Succeeded)
        {
            if (result.Errors.All(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))) return null;
            throw new InvalidOperationException($"The account was refused: {string.Join(", ", result.Errors.Select(error => error.Code))}");
        }

        await audit.RecordAsync(new AuditEntry(AuditActions.SignedUp, user.Id, "user", user.Id.ToString()), cancellationToken);
        if (first) await administrators.NameAsync(user.Id, cancellationToken);
        if (!verified) await verification.SendAsync(user, cancellationToken);
        return user;
    }

    // Only while there is no account do sign-ups wait for each other.
    private async Task<bool> IsFirstAsync(CancellationToken cancellationToken)
    {
        if (await database.Users.AnyAsync(cancellationToken)) return false;
        await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({FirstAccountLock})", cancellationToken);
        return !await database.Users.AnyAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Account {UserId} was created")]
        public static partial void Created(ILogger logger, Guid userId);

        [LoggerMessage(2, LogLevel.Warning, "A sign-in to account {UserId} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, Guid? userId, string reason);
    }
}
