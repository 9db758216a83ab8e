using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>
/// Whoever changes an organisation or its members holds its row until the end of the transaction. What is read after it, the caller's own
/// role first of all, holds until then: two owners that leave at once come one after the other.
/// </summary>
internal static class OrganizationLock
{
    /// <summary>The organisation, locked; null: there is none. Call it first in a transaction.</summary>
    public static async Task<Organization?> LockOrganizationAsync(this PlatformDbContext database, Guid id, CancellationToken cancellationToken)
    {
        var found = await database.Organizations.FromSql($"SELECT * FROM organizations WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken);
        return found.FirstOrDefault();
    }
}
