using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <param name="Name">Shown to people.</param>
/// <param name="Slug">Its name in addresses; made from the name when left out.</param>
internal sealed record CreateOrganizationRequest(string? Name, string? Slug = null);

/// <summary>Null leaves a field as it is.</summary>
internal sealed record UpdateOrganizationRequest(string? Name = null, string? Slug = null);

/// <param name="UserId">The member who becomes an owner; the caller becomes an admin.</param>
internal sealed record TransferOrganizationRequest(Guid? UserId);

/// <param name="Owner">An organisation of the caller, or the caller.</param>
internal sealed record TransferProjectRequest(Guid? Owner);

/// <param name="Role"><c>viewer</c>, <c>developer</c>, <c>admin</c> or <c>owner</c>.</param>
internal sealed record ChangeRoleRequest(string? Role);

/// <param name="Email">Need not have an account yet.</param>
/// <param name="Role"><c>viewer</c>, <c>developer</c>, <c>admin</c> or <c>owner</c>.</param>
internal sealed record InviteRequest(string? Email, string? Role);

/// <param name="Role">The caller's.</param>
internal sealed record OrganizationResponse(Guid Id, string Name, string Slug, OrganizationRole Role, int MemberCount, DateTimeOffset CreatedAt);

internal sealed record OrganizationListResponse(IReadOnlyList<OrganizationResponse> Organizations, Common.PaginationResponse Pagination);

internal sealed record MemberResponse(Guid UserId, string Name, string Email, string? AvatarUrl, OrganizationRole Role, DateTimeOffset JoinedAt);

internal sealed record MemberListResponse(IReadOnlyList<MemberResponse> Members, Common.PaginationResponse Pagination);

internal sealed record InvitationResponse(
    Guid Id, string Email, OrganizationRole Role, string? InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

internal sealed record InvitationListResponse(IReadOnlyList<InvitationResponse> Invitations, Common.PaginationResponse Pagination);

/// <param name="Token">The one behind <c>#token=</c> in the mailed link.</param>
internal sealed record InvitationTokenRequest(string? Token);

/// <summary>What the bearer of an invitation is shown before they answer.</summary>
internal sealed record InvitationPreviewResponse(
    string Organization, string Slug, string Email, OrganizationRole Role, string? InvitedBy, DateTimeOffset ExpiresAt);

internal sealed record ProjectOwnerResponse(Guid Id, string Name, string Slug, Guid Owner);
