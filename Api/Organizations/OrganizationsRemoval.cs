using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Organizations;

/// <summary>
/// Deletes the organisations that an account leaves without anybody, and what invites it. An organisation that others would be left in
/// without an owner keeps the account. Memberships go with the account's row.
/// </summary>
internal sealed class OrganizationsRemoval(IAuditLog audit) : IAccountRemoval
{
    public async Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        var orphans = await LastOwnerships.FindAsync(database, userId, cancellationToken);
        return orphans.Count == 0 ? null : OrganizationErrors.LastOwnerOf(orphans);
    }

    public async Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken)
    {
        await database.Organizations.Where(organization => account.Organizations.Contains(organization.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var organization in account.Organizations)
        {
            var entry = new AuditEntry(AuditActions.OrganizationDeleted, account.Id, "organization", organization.ToString()) { OwnerId = organization };
            await audit.RecordAsync(entry, cancellationToken);
        }

        var address = account.Email.ToUpperInvariant();
        await database.OrganizationInvitations.Where(invitation => invitation.NormalizedEmail == address).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
