using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Mail;
using Platform.Core.Data;

namespace Platform.Api.Users;

/// <summary>Deletes an account with everything that is its own. Each feature removes its part; all of it happens, or nothing.</summary>
internal sealed partial class AccountDeletion(
    PlatformDbContext database, IEnumerable<IAccountRemoval> removals, SessionService sessions, IAuditLog audit, IMailer mailer, TimeProvider time, ILogger<AccountDeletion> logger)
{
    // What follows is mended quickly or not at all: somebody waits for the answer.
    private static readonly TimeSpan[] Delays = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    /// <summary>Null: the account is gone. Else why it is not.</summary>
    public async Task<ErrorResult?> DeleteAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var (refusal, after) = await database.InTransactionAsync(token => RemoveAsync(caller, token), cancellationToken);
        if (refusal is not null) return refusal;
        Log.Deleted(logger, caller.Id);
        foreach (var act in after) await FollowUpAsync(caller.Id, act);
        return null;
    }

    // The account is gone whether or not the caller still waits.
    private async Task FollowUpAsync(Guid userId, Func<CancellationToken, Task> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await act(CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (attempt == Delays.Length)
                {
                    Log.Unfinished(logger, userId, exception);
                    return;
                }

                Log.Repeated(logger, userId, exception);
            }

            await Task.Delay(Delays[attempt], time);
        }
    }

    private async Task<(ErrorResult? Refusal, List<Func<CancellationToken, Task>> After)> RemoveAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var after = new List<Func<CancellationToken, Task>>();
        // Two deletions at once, or a deletion and a sign-in, take turns.
        await database.Database.ExecuteSqlAsync($"SELECT 1 FROM users WHERE id = {caller.Id} FOR UPDATE", cancellationToken);
        var email = await database.Users.Where(row => row.Id == caller.Id).Select(row => row.Email).SingleOrDefaultAsync(cancellationToken);
        if (email is null) return (ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "The account is gone."), after);
        await database.RequireSignedInAsync(caller, cancellationToken);
        await LockOrganizationsAsync(caller.Id, cancellationToken);
        if (await IsLastAdminAsync(caller.Id, cancellationToken))
            return (ApiErrors.Conflict("LAST_ADMIN", "This is the only administrator of the installation. Make somebody else one first."), after);
        foreach (var removal in removals)
        {
            if (await removal.FindObstacleAsync(database, caller.Id, cancellationToken) is { } obstacle) return (obstacle, after);
        }

        await sessions.EndAllAsync(caller.Id, null, cancellationToken);
        var account = new LeavingAccount(caller.Id, email, await LastOwnerships.FindSoleAsync(database, caller.Id, cancellationToken));
        foreach (var removal in removals)
        {
            if (await removal.RemoveAsync(database, account, cancellationToken) is { } act) after.Add(act);
        }

        await AuditAnonymizer.AnonymizeAsync(database, caller.Id, cancellationToken);
        await database.Users.Where(row => row.Id == caller.Id).ExecuteDeleteAsync(cancellationToken);
        await audit.RecordAsync(new AuditEntry(AuditActions.AccountDeleted, caller.Id, "user", caller.Id.ToString()), cancellationToken);
        await mailer.SendAsync(email, new MailContent("Your account was deleted", "Your Autostack account and what belonged to it were deleted. Your sites are no longer served."), cancellationToken);
        return (null, after);
    }

    // Nobody joins or leaves one of them until it is decided what becomes of it.
    private Task<int> LockOrganizationsAsync(Guid userId, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync(
            $"SELECT 1 FROM organizations WHERE id IN (SELECT organization_id FROM organization_members WHERE user_id = {userId}) ORDER BY id FOR UPDATE",
            cancellationToken);

    // An installation that others use must not lose its last administrator.
    private async Task<bool> IsLastAdminAsync(Guid userId, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"SELECT 1 FROM roles WHERE name = {PlatformRoles.Admin} FOR UPDATE", cancellationToken);
        var admins = await database.UserRoles
            .Join(database.Roles.Where(role => role.Name == PlatformRoles.Admin), member => member.RoleId, role => role.Id, (member, _) => member.UserId)
            .ToListAsync(cancellationToken);
        return admins is [var only] && only == userId && await database.Users.AnyAsync(row => row.Id != userId, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Account {UserId} was deleted")]
        public static partial void Deleted(ILogger logger, Guid userId);

        [LoggerMessage(2, LogLevel.Error, "Something that follows the deletion of account {UserId} failed for good: what is not collected by itself has to be deleted by hand")]
        public static partial void Unfinished(ILogger logger, Guid userId, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "Something that follows the deletion of account {UserId} failed and is tried again")]
        public static partial void Repeated(ILogger logger, Guid userId, Exception exception);
    }
}
