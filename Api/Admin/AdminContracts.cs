using Platform.Api.Common;

namespace Platform.Api.Admin;

/// <param name="Search">Part of the name or address.</param>
/// <param name="Status"><c>active</c> or <c>disabled</c>.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="Cursor">The nextCursor of the page before; then page is not looked at.</param>
internal sealed record AdminUserQuery(string? Search, string? Status, string? Role, string? Cursor, int? Page, int? Limit);

/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
internal sealed record ChangeSiteRoleRequest(string? Role);

internal sealed record AdminUserResponse(
    Guid Id, string Name, string Email, bool EmailVerified, string Role, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt);

/// <param name="NextCursor">For the next page; null: this is the last one.</param>
internal sealed record AdminUserListResponse(IReadOnlyList<AdminUserResponse> Users, PaginationResponse Pagination, string? NextCursor);

/// <summary>One account and how much hangs on it.</summary>
internal sealed record AdminUserDetailResponse(
    AdminUserResponse User, DateTimeOffset? LastSeenAt, int Sessions, int ApiTokens, int Organizations, int Projects);
