using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;

namespace Platform.Api.Auth.Sessions;

/// <summary>
/// Whoever gives an account a session holds its row until the end of the transaction. Closing the account writes that row first and ends the
/// sessions afterwards: it either comes before and is seen here, or waits and finds the new session.
/// </summary>
internal static class AccountLock
{
    /// <summary>False: the account is closed or gone. Call it first in a transaction.</summary>
    public static async Task<bool> LockOpenAccountAsync(this PlatformDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        var found = await database.Database.SqlQuery<bool>($"SELECT disabled_at IS NULL AS \"Value\" FROM users WHERE id = {userId} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken);
        return found is [true];
    }
}
