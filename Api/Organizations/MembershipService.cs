using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Changes who is in an organisation and as what. Methods answer why not, or null when it is done.</summary>
internal sealed class MembershipService(PlatformDbContext database, IAccessControl access, IAuditLog audit, TimeProvider time)
{
    public Task<ErrorResult?> ChangeRoleAsync(Guid id, Guid userId, OrganizationRole role, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async token =>
            {
                if (await RefuseAsync(id, actor, AccessAction.ManageMembers, token) is { } refusal) return refusal;
                if (await FindAsync(id, userId, token) is not { } member) return OrganizationErrors.MemberNotFound;
                // Owners are made and unmade by owners.
                var concernsOwners = member.Role == OrganizationRole.Owner || role == OrganizationRole.Owner;
                if (concernsOwners && await RefuseAsync(id, actor, AccessAction.Own, token) is { } notOwner) return notOwner;
                if (member.Role == role) return null;
                if (member.Role == OrganizationRole.Owner && !await HasOtherOwnerAsync(id, userId, token)) return OrganizationErrors.LastOwner;

                await SetRoleAsync(id, userId, role, token);
                if (role < member.Role) await WithdrawInvitationsAsync(id, userId, token);
                await RecordAsync(AuditActions.MemberRoleChanged, actor, id, userId, token, ("from", member.Role.ToWord()), ("to", role.ToWord()));
                return null;
            },
            cancellationToken);

    /// <summary>Removes a member; whoever removes themselves leaves.</summary>
    public Task<ErrorResult?> RemoveAsync(Guid id, Guid userId, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async token =>
            {
                var leaves = userId == actor.Id;
                if (await RefuseAsync(id, actor, leaves ? AccessAction.Read : AccessAction.ManageMembers, token) is { } refusal) return refusal;
                if (await FindAsync(id, userId, token) is not { } member) return OrganizationErrors.MemberNotFound;
                if (!leaves && member.Role == OrganizationRole.Owner && await RefuseAsync(id, actor, AccessAction.Own, token) is { } notOwner) return notOwner;
                if (member.Role == OrganizationRole.Owner && !await HasOtherOwnerAsync(id, userId, token)) return OrganizationErrors.LastOwner;

                await database.OrganizationMembers.Where(row => row.OrganizationId == id && row.UserId == userId).ExecuteDeleteAsync(token);
                await WithdrawInvitationsAsync(id, userId, token);
                await RevokeTokensAsync(id, userId, token);
                await RecordAsync(leaves ? AuditActions.MemberLeft : AuditActions.MemberRemoved, actor, id, userId, token, ("role", member.Role.ToWord()));
                return null;
            },
            cancellationToken);

    /// <summary>Another member becomes an owner, the caller an admin.</summary>
    public Task<ErrorResult?> TransferAsync(Guid id, Guid userId, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async token =>
            {
                if (await RefuseAsync(id, actor, AccessAction.Own, token) is { } refusal) return refusal;
                if (userId == actor.Id) return ApiErrors.Invalid("userId", "Choose another member.");
                if (await FindAsync(id, userId, token) is null) return OrganizationErrors.MemberNotFound;

                await SetRoleAsync(id, userId, OrganizationRole.Owner, token);
                await SetRoleAsync(id, actor.Id, OrganizationRole.Admin, token);
                await RecordAsync(AuditActions.OrganizationTransferred, actor, id, userId, token);
                return null;
            },
            cancellationToken);

    private Task<ErrorResult?> ChangeAsync(Guid id, Func<CancellationToken, Task<ErrorResult?>> change, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token => await database.LockOrganizationAsync(id, token) is null ? OrganizationErrors.NotFound(id) : await change(token), cancellationToken);

    private ValueTask<ErrorResult?> RefuseAsync(Guid id, CurrentUser actor, AccessAction action, CancellationToken cancellationToken) =>
        access.RefuseAsync(actor, id, action, OrganizationErrors.NotFound(id), cancellationToken);

    private Task<OrganizationMember?> FindAsync(Guid id, Guid userId, CancellationToken cancellationToken) =>
        database.OrganizationMembers.AsNoTracking().FirstOrDefaultAsync(member => member.OrganizationId == id && member.UserId == userId, cancellationToken);

    private Task<bool> HasOtherOwnerAsync(Guid id, Guid userId, CancellationToken cancellationToken) =>
        database.OrganizationMembers.AnyAsync(
            member => member.OrganizationId == id && member.UserId != userId && member.Role == OrganizationRole.Owner, cancellationToken);

    private Task<int> SetRoleAsync(Guid id, Guid userId, OrganizationRole role, CancellationToken cancellationToken) =>
        database.OrganizationMembers.Where(member => member.OrganizationId == id && member.UserId == userId)
            .ExecuteUpdateAsync(row => row.SetProperty(member => member.Role, role), cancellationToken);

    // Who loses rights must not come back by an offer made before.
    private Task<int> WithdrawInvitationsAsync(Guid id, Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.OrganizationInvitations
            .Where(row => row.OrganizationId == id && row.InvitedBy == userId && row.Status == InvitationStatus.Pending)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, InvitationStatus.Revoked).SetProperty(each => each.AnsweredAt, now), cancellationToken);
    }

    // Without the membership they are worth nothing; they would be again with a later one.
    private Task<int> RevokeTokensAsync(Guid id, Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.ApiTokens.Where(key => key.UserId == userId && key.OrganizationId == id && key.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(key => key.RevokedAt, now), cancellationToken);
    }

    private Task RecordAsync(
        string action, CurrentUser actor, Guid id, Guid userId, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, string? Value)> details) =>
        audit.RecordAsync(OrganizationAudit.Entry(action, actor, id, "user", userId.ToString(), details), cancellationToken);
}
