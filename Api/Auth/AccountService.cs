using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Api.Auth.Passwords;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth;

/// <summary>Creates accounts and checks passwords.</summary>
internal sealed partial class AccountService(
    PlatformDbContext database,
    UserManager<PlatformUser> users,
    DecoyPassword decoy,
    IOptions<AuthOptions> options,
    TimeProvider time,
    ILogger<AccountService> logger)
{
    // "first account": taken only while there is none.
    private const long FirstAccountLock = 0x66697273745F6163;

    /// <summary>A new account, or null when the address is taken. The first one of an installation is its administrator.</summary>
    /// <remarks>Without a password it is opened by a provider only.</remarks>
    public async Task<PlatformUser?> CreateAsync(string name, string email, string? password, CancellationToken cancellationToken)
    {
        try
        {
            var user = await database.Users.AnyAsync(cancellationToken)
                ? await InsertAsync(name, email, password)
                : await CreateFirstAsync(name, email, password, cancellationToken);
            if (user is not null) Log.Created(logger, user.Id);
            return user;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody signed up with the address between the look and the insert.
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
            Log.Refused(logger, "unknown address");
            return null;
        }

        var valid = await users.CheckPasswordAsync(user, password);
        var now = time.GetUtcNow();
        if (user.LockoutEnd > now)
        {
            Log.RefusedAccount(logger, user.Id, "locked");
            return null;
        }

        if (!valid)
        {
            await CountFailureAsync(user.Id, now, cancellationToken);
            Log.RefusedAccount(logger, user.Id, "wrong password");
            return null;
        }

        // With a second factor the password is half the way: wrong codes stay counted until a right one comes.
        if (user.AccessFailedCount > 0 && !user.TwoFactorEnabled)
        {
            await database.Users.Where(row => row.Id == user.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(each => each.AccessFailedCount, 0), cancellationToken);
        }

        Log.SignedIn(logger, user.Id);
        return user;
    }

    /// <summary>Counts a wrong password or code, and locks the account after too many. One statement: guesses that arrive together are all counted.</summary>
    public Task<int> CountFailureAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limit = options.Value.LockoutAfter;
        DateTimeOffset? until = now + options.Value.LockoutTime;
        return database.Users.Where(row => row.Id == userId).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.LockoutEnd, each => each.AccessFailedCount + 1 >= limit ? until : each.LockoutEnd)
                .SetProperty(each => each.AccessFailedCount, each => each.AccessFailedCount + 1 >= limit ? 0 : each.AccessFailedCount + 1),
            cancellationToken);
    }

    private Task<PlatformUser?> CreateFirstAsync(string name, string email, string? password, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(token);
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({FirstAccountLock})", token);
                var first = !await database.Users.AnyAsync(token);
                var user = await InsertAsync(name, email, password);
                if (first && user is not null)
                {
                    var role = new IdentityRole<Guid>(PlatformRoles.Admin) { NormalizedName = users.NormalizeName(PlatformRoles.Admin) };
                    database.Roles.Add(role);
                    await database.SaveChangesAsync(token);
                    database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
                    await database.SaveChangesAsync(token);
                    Log.Administrator(logger, user.Id);
                }

                await transaction.CommitAsync(token);
                return user;
            },
            cancellationToken);

    private async Task<PlatformUser?> InsertAsync(string name, string email, string? password)
    {
        var now = time.GetUtcNow();
        var user = new PlatformUser
        {
            Id = Guid.CreateVersion7(now),
            Name = name.Trim(),
            Email = email,
            UserName = email,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var result = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        if (result.Succeeded) return user;
        if (result.Errors.All(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))) return null;
        throw new InvalidOperationException($"The account was refused: {string.Join(", ", result.Errors.Select(error => error.Code))}");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Account {UserId} was created")]
        public static partial void Created(ILogger logger, Guid userId);

        [LoggerMessage(2, LogLevel.Information, "Account {UserId} is the first one and administers this installation")]
        public static partial void Administrator(ILogger logger, Guid userId);

        [LoggerMessage(3, LogLevel.Information, "Account {UserId} signed in")]
        public static partial void SignedIn(ILogger logger, Guid userId);

        [LoggerMessage(4, LogLevel.Warning, "Sign-in to account {UserId} was refused: {Reason}")]
        public static partial void RefusedAccount(ILogger logger, Guid userId, string reason);

        [LoggerMessage(5, LogLevel.Warning, "A sign-in was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
