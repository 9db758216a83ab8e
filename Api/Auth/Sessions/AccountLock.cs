using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Auth.Sessions;

/// <summary>
/// Whoever gives an account a session, or anything else that outlives one, holds its row until the end of the transaction. Closing the account
/// and setting a new password write that row first and end the sessions afterwards: they either come before and are seen here, or wait and
/// find what was made. Call these first in a transaction.
/// </summary>
internal static class AccountLock
{
    /// <summary>The account's security stamp, which changes with its password and address; null: the account is closed or gone.</summary>
    public static async Task<string?> LockOpenAccountAsync(this PlatformDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        var found = await database.Database
            .SqlQuery<string?>($"SELECT CASE WHEN disabled_at IS NULL THEN coalesce(security_stamp, '') END AS \"Value\" FROM users WHERE id = {userId} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken);
        return found.SingleOrDefault();
    }

    /// <summary>False: the session has ended meanwhile, or the account is closed or gone.</summary>
    public static async Task<bool> LockSignedInAsync(this PlatformDbContext database, Guid userId, Guid sessionId, CancellationToken cancellationToken) =>
        await database.LockOpenAccountAsync(userId, cancellationToken) is not null
        && await database.Sessions.AnyAsync(row => row.Id == sessionId && row.UserId == userId && row.RevokedAt == null, cancellationToken);

    /// <exception cref="ApiException">The session of the caller has ended since the request came in.</exception>
    public static async Task RequireSignedInAsync(this PlatformDbContext database, CurrentUser caller, CancellationToken cancellationToken)
    {
        if (!await database.LockSignedInAsync(caller.Id, caller.SessionId, cancellationToken))
            throw new ApiException(StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, "The session has ended.");
    }
}
