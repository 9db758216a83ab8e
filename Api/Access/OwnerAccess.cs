using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Access;

/// <summary>Decides by the caller's role at the owner, which it looks up at most once a request. The rules are <see cref="AccessRules"/>.</summary>
internal sealed class OwnerAccess(PlatformDbContext database) : IAccessControl
{
    private Standing? _standing;

    public async ValueTask<AccessDecision> DecideAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken)
    {
        if (!Reaches(user, ownerId)) return AccessDecision.Hidden;
        var decision = await DecideForPersonAsync(user, ownerId, action, cancellationToken);
        // Who owns what is decided by people.
        return decision == AccessDecision.Allowed && action == AccessAction.Own && user.Token is not null ? AccessDecision.Forbidden : decision;
    }

    public async ValueTask<IReadOnlyList<Guid>> FindVisibleOwnersAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        var standing = await FindAsync(user, cancellationToken);
        return [.. standing.Owners.Where(owner => Reaches(user, owner))];
    }

    public async ValueTask<OrganizationRole?> FindRoleAsync(CurrentUser user, Guid ownerId, CancellationToken cancellationToken) =>
        Reaches(user, ownerId) ? (await FindAsync(user, cancellationToken)).RoleAt(ownerId) : null;

    private async ValueTask<AccessDecision> DecideForPersonAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken)
    {
        // Reading one's own is most of what is asked, and needs no look.
        if (ownerId == user.Id && !AccessRules.NeedsVerifiedAddress(action)) return AccessDecision.Allowed;
        var standing = await FindAsync(user, cancellationToken);
        return AccessRules.Decide(standing.RoleAt(ownerId), action, standing.Verified);
    }

    // A token that is made for one organisation sees nothing else, its person's own things included.
    private static bool Reaches(CurrentUser user, Guid ownerId) => user.Token?.OrganizationId is not { } only || only == ownerId;

    private async ValueTask<Standing> FindAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        if (_standing?.UserId == user.Id) return _standing;
        var found = await database.Users.AsNoTracking().Where(row => row.Id == user.Id)
            .Select(row => new
            {
                row.EmailConfirmed,
                Memberships = database.OrganizationMembers.Where(member => member.UserId == row.Id)
                    .Select(member => new { member.OrganizationId, member.Role }).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return _standing = found is null
            ? new Standing(user.Id, Exists: false, Verified: false, [])
            : new Standing(user.Id, Exists: true, found.EmailConfirmed, found.Memberships.ToDictionary(member => member.OrganizationId, member => member.Role));
    }

    private sealed record Standing(Guid UserId, bool Exists, bool Verified, Dictionary<Guid, OrganizationRole> Roles)
    {
        public IEnumerable<Guid> Owners => Exists ? Roles.Keys.Order().Prepend(UserId) : [];

        public OrganizationRole? RoleAt(Guid ownerId)
        {
            if (ownerId == UserId) return Exists ? OrganizationRole.Owner : null;
            return Roles.TryGetValue(ownerId, out var role) ? role : null;
        }
    }
}
