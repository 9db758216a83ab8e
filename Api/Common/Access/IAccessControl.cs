using Platform.Core.Data.Entities;

namespace Platform.Api.Common.Access;

/// <summary>The one place that decides who may do what: resource and action in, yes or no out.</summary>
internal interface IAccessControl
{
    /// <summary>What the caller may do with things of an owner, who is a person or an organisation.</summary>
    ValueTask<AccessDecision> DecideAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken);

    /// <summary>The owners whose things the caller may see, themselves first; for lists.</summary>
    ValueTask<IReadOnlyList<Guid>> FindVisibleOwnersAsync(CurrentUser user, CancellationToken cancellationToken);

    /// <summary>The caller's role at an owner, to show it; to allow something, ask for a decision.</summary>
    ValueTask<OrganizationRole?> FindRoleAsync(CurrentUser user, Guid ownerId, CancellationToken cancellationToken);
}

/// <summary>What can be done to things that belong to an owner.</summary>
internal enum AccessAction
{
    /// <summary>See it.</summary>
    Read,

    /// <summary>Run code, comment: what leaves no lasting change of the thing.</summary>
    Use,

    /// <summary>Create or change it.</summary>
    Write,

    /// <summary>Build and publish it; needs a verified address.</summary>
    Deploy,

    /// <summary>Delete it, change its settings and secrets.</summary>
    Manage,

    /// <summary>Members and invitations of the owner; needs a verified address.</summary>
    ManageMembers,

    /// <summary>Delete the owner or hand it over.</summary>
    Own,
}

/// <summary>An answer that tells the endpoint how to refuse.</summary>
internal enum AccessDecision
{
    Allowed,

    /// <summary>The caller must not learn that it exists: 404.</summary>
    Hidden,

    /// <summary>The caller sees it but may not do this: 403.</summary>
    Forbidden,

    /// <summary>The caller's address must be verified first: 403 <c>EMAIL_NOT_VERIFIED</c>.</summary>
    VerificationNeeded,
}
