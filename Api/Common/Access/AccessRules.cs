using Platform.Core.Data.Entities;

namespace Platform.Api.Common.Access;

/// <summary>
/// The whole of who may do what, in one table. A person has the role of an owner on what is their own. Administrators of the installation
/// have no role anywhere: what they may see is behind <c>/api/admin</c>.
/// </summary>
internal static class AccessRules
{
    /// <summary>The least role that may do it; each role may do what the ones before it may.</summary>
    public static OrganizationRole LeastRole(AccessAction action) => action switch
    {
        AccessAction.Read => OrganizationRole.Viewer,
        AccessAction.Use => OrganizationRole.Developer,
        AccessAction.Write => OrganizationRole.Developer,
        AccessAction.Deploy => OrganizationRole.Developer,
        AccessAction.Manage => OrganizationRole.Admin,
        AccessAction.ManageMembers => OrganizationRole.Admin,
        AccessAction.Own => OrganizationRole.Owner,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "This action has no rule."),
    };

    /// <summary>What reaches beyond the platform (sites, mails) needs an address that was proven.</summary>
    public static bool NeedsVerifiedAddress(AccessAction action) => action is AccessAction.Deploy or AccessAction.ManageMembers;

    /// <param name="role">The caller's role at the owner; null: none, and then they must not learn that the thing exists.</param>
    /// <param name="action">What they ask for.</param>
    /// <param name="verified">Whether the caller's address is verified.</param>
    public static AccessDecision Decide(OrganizationRole? role, AccessAction action, bool verified)
    {
        if (role is null) return AccessDecision.Hidden;
        if (role < LeastRole(action)) return AccessDecision.Forbidden;
        return NeedsVerifiedAddress(action) && !verified ? AccessDecision.VerificationNeeded : AccessDecision.Allowed;
    }
}
