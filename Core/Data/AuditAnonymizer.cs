using Microsoft.EntityFrameworkCore;

namespace Platform.Core.Data;

/// <summary>Makes an account that is deleted unrecognisable in the audit log. The acts stay, under an id that no longer leads to anybody.</summary>
public static class AuditAnonymizer
{
    /// <summary>
    /// Clears addresses, devices, sessions and details of everything the account did and of everything that was done to it, in the caller's
    /// transaction when there is one.
    /// </summary>
    /// <returns>How many events were touched.</returns>
    public static Task<int> AnonymizeAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var target = userId.ToString();
                // The table takes changes only from a transaction that says what it is doing.
                await database.Database.ExecuteSqlAsync($"SELECT set_config('platform.anonymise_audit', 'on', true)", token);
                var count = await database.Database.ExecuteSqlAsync(
                    $"""
                     UPDATE audit_events SET ip_address = NULL, user_agent = NULL, session_id = NULL, details = jsonb_build_object()
                     WHERE actor_id = {userId} OR target_id = {target} AND target_type = 'user'
                     """,
                    token);
                await database.Database.ExecuteSqlAsync($"SELECT set_config('platform.anonymise_audit', 'off', true)", token);
                return count;
            },
            cancellationToken);
}
