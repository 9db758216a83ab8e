using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Core.Data;

/// <summary>What keeps an account from being deleted: organisations that would be left without an owner.</summary>
public static class LastOwnerships
{
    /// <summary>The organisations that have other members and no other owner. The database refuses to delete the account as long as there is one.</summary>
    public static Task<List<Organization>> FindAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) =>
        database.Organizations.AsNoTracking()
            .Where(organization => database.OrganizationMembers.Any(
                member => member.OrganizationId == organization.Id && member.UserId == userId && member.Role == OrganizationRole.Owner))
            .Where(organization => database.OrganizationMembers.Any(
                member => member.OrganizationId == organization.Id && member.UserId != userId))
            .Where(organization => !database.OrganizationMembers.Any(
                member => member.OrganizationId == organization.Id && member.UserId != userId && member.Role == OrganizationRole.Owner))
            .OrderBy(organization => organization.Name)
            .ToListAsync(cancellationToken);

    /// <summary>The organisations that nobody else is a member of: they are deleted along with the account.</summary>
    public static Task<List<Guid>> FindSoleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) =>
        database.Organizations
            .Where(organization => database.OrganizationMembers.Any(member => member.OrganizationId == organization.Id && member.UserId == userId))
            .Where(organization => !database.OrganizationMembers.Any(member => member.OrganizationId == organization.Id && member.UserId != userId))
            .OrderBy(organization => organization.Id)
            .Select(organization => organization.Id)
            .ToListAsync(cancellationToken);
}
