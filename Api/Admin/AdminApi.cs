using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;

namespace Platform.Api.Admin;

internal static class AdminApi
{
    // No scope: an API token never administers.
    public static IEndpointRouteBuilder MapAdmin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/users").WithTags("Admin").RequireAuthorization(PlatformPolicies.Admin);
        group.MapGet("", ListAsync).WithName("listUsers").WithSummary("Accounts, newest first.").ProducesError(StatusCodes.Status403Forbidden);
        group.MapGet("/{id:guid}", GetAsync).WithName("getUser").WithSummary("One account and how much hangs on it.").ProducesError(StatusCodes.Status403Forbidden);
        group.MapPost("/{id:guid}/disable", DisableAsync).WithName("disableUser").WithSummary("Closes an account: its sessions and API tokens end at once.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/enable", EnableAsync).WithName("enableUser").WithSummary("Opens a closed account; its person signs in anew.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        group.MapPut("/{id:guid}/role", ChangeRoleAsync).WithName("changeUserRole").WithSummary("Makes an account an administrator, or no longer.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Ok<AdminUserListResponse>> ListAsync([AsParameters] AdminUserQuery query, AdminQueries users, CancellationToken cancellationToken) =>
        TypedResults.Ok(await users.ListAsync(query, cancellationToken));

    private static async Task<Results<Ok<AdminUserDetailResponse>, ErrorResult>> GetAsync(Guid id, AdminQueries users, CancellationToken cancellationToken) =>
        await users.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : AdminErrors.NotFound(id);

    private static async Task<Results<NoContent, ErrorResult>> DisableAsync(
        Guid id, CurrentUser user, AccountAdministration administration, CancellationToken cancellationToken) =>
        Done(await administration.DisableAsync(id, user, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> EnableAsync(
        Guid id, CurrentUser user, AccountAdministration administration, CancellationToken cancellationToken) =>
        Done(await administration.EnableAsync(id, user, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> ChangeRoleAsync(
        Guid id, ChangeSiteRoleRequest request, CurrentUser user, AccountAdministration administration, CancellationToken cancellationToken) =>
        Done(await administration.ChangeRoleAsync(id, request.Role!, user, cancellationToken));

    private static Results<NoContent, ErrorResult> Done(ErrorResult? refusal) => refusal is null ? TypedResults.NoContent() : refusal;
}
