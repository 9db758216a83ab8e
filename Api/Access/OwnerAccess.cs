using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data;

namespace Platform.Api.Access;

/// <summary>Decides by who owns a thing.</summary>
internal sealed class OwnerAccess(PlatformDbContext database) : IAccessControl
{
    public async ValueTask<AccessDecision> DecideAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken)
    {
        if (ownerId != user.Id) return AccessDecision.Hidden;
        return action is AccessAction.Deploy or AccessAction.ManageMembers && !await IsVerifiedAsync(user.Id, cancellationToken)
            ? AccessDecision.VerificationNeeded
            : AccessDecision.Allowed;
    }

    public ValueTask<IReadOnlyList<Guid>> FindVisibleOwnersAsync(CurrentUser user, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Guid>>([user.Id]);

    private Task<bool> IsVerifiedAsync(Guid userId, CancellationToken cancellationToken) =>
        database.Users.AnyAsync(user => user.Id == userId && user.EmailConfirmed, cancellationToken);
}
