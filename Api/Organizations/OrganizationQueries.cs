using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Reads organisations in the shapes of the contract. Whether the caller may see them has been decided.</summary>
internal sealed class OrganizationQueries(PlatformDbContext database, IAccessControl access, TimeProvider time)
{
    public async Task<OrganizationListResponse> ListAsync(CurrentUser user, PageQuery page, CancellationToken cancellationToken)
    {
        var visible = await access.FindVisibleOwnersAsync(user, cancellationToken);
        var found = database.Organizations.AsNoTracking().Where(row => visible.Contains(row.Id));
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await Rows(found.OrderBy(row => row.Name).ThenBy(row => row.Id).Skip(page.Skip).Take(page.Size), user).ToListAsync(cancellationToken);
        return new OrganizationListResponse(rows, PaginationResponse.Of(page, total));
    }

    public Task<OrganizationResponse> GetAsync(Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        Rows(database.Organizations.AsNoTracking().Where(row => row.Id == id), user).SingleAsync(cancellationToken);

    public async Task<MemberListResponse> ListMembersAsync(Guid id, PageQuery page, CancellationToken cancellationToken)
    {
        var found = database.OrganizationMembers.AsNoTracking().Where(member => member.OrganizationId == id);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found
            .Join(database.Users, member => member.UserId, user => user.Id, (member, user) => new { member, user })
            .OrderBy(row => row.member.CreatedAt).ThenBy(row => row.user.Id)
            .Skip(page.Skip).Take(page.Size)
            .Select(row => new MemberResponse(row.user.Id, row.user.Name, row.user.Email!, row.user.AvatarUrl, row.member.Role, row.member.CreatedAt))
            .ToListAsync(cancellationToken);
        return new MemberListResponse(rows, PaginationResponse.Of(page, total));
    }

    /// <summary>Invitations that can still be accepted.</summary>
    public async Task<InvitationListResponse> ListInvitationsAsync(Guid id, PageQuery page, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = database.OrganizationInvitations.AsNoTracking()
            .Where(row => row.OrganizationId == id && row.Status == InvitationStatus.Pending && row.ExpiresAt > now);
        var total = await found.LongCountAsync(cancellationToken);
        var rows = await found.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Skip(page.Skip).Take(page.Size)
            .Select(row => new InvitationResponse(
                row.Id,
                row.Email,
                row.Role,
                database.Users.Where(user => user.Id == row.InvitedBy).Select(user => user.Name).FirstOrDefault(),
                row.CreatedAt,
                row.ExpiresAt))
            .ToListAsync(cancellationToken);
        return new InvitationListResponse(rows, PaginationResponse.Of(page, total));
    }

    public Task<InvitationResponse> GetInvitationAsync(Guid invitationId, CurrentUser inviter, CancellationToken cancellationToken) =>
        database.OrganizationInvitations.AsNoTracking().Where(row => row.Id == invitationId)
            .Select(row => new InvitationResponse(row.Id, row.Email, row.Role, inviter.Name, row.CreatedAt, row.ExpiresAt)).SingleAsync(cancellationToken);

    public Task<InvitationPreviewResponse?> PreviewAsync(OrganizationInvitation invitation, CancellationToken cancellationToken) =>
        database.Organizations.AsNoTracking().Where(row => row.Id == invitation.OrganizationId)
            .Select(row => new InvitationPreviewResponse(
                row.Name,
                row.Slug,
                invitation.Email,
                invitation.Role,
                database.Users.Where(user => user.Id == invitation.InvitedBy).Select(user => user.Name).FirstOrDefault(),
                invitation.ExpiresAt))
            .FirstOrDefaultAsync(cancellationToken);

    private IQueryable<OrganizationResponse> Rows(IQueryable<Organization> organizations, CurrentUser user) =>
        organizations.Select(row => new OrganizationResponse(
            row.Id,
            row.Name,
            row.Slug,
            database.OrganizationMembers.Where(member => member.OrganizationId == row.Id && member.UserId == user.Id).Select(member => member.Role).FirstOrDefault(),
            database.OrganizationMembers.Count(member => member.OrganizationId == row.Id),
            row.CreatedAt));
}
