using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;

namespace Platform.Api.Audit;

internal static class AuditApi
{
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/user/audit", ListOwnAsync).WithTags("Audit").RequireAuthorization().RequireScope(ApiScopes.AccountRead)
            .WithName("listOwnAuditEvents").WithSummary("What the account did and what was done to it, newest first.");
        routes.MapGet("/api/organizations/{id:guid}/audit", ListOfOrganizationAsync).WithTags("Audit").RequireAuthorization().RequireScope(ApiScopes.OrganizationsRead)
            .WithName("listOrganizationAuditEvents").WithSummary("What happened in an organisation, newest first; for its admins.")
            .ProducesError(StatusCodes.Status403Forbidden);
        routes.MapGet("/api/admin/audit", ListAllAsync).WithTags("Admin").RequireAuthorization(PlatformPolicies.Admin)
            .WithName("listAllAuditEvents").WithSummary("The audit log of the installation, newest first.")
            .ProducesError(StatusCodes.Status403Forbidden);
        return routes;
    }

    private static async Task<Ok<AuditListResponse>> ListOwnAsync(
        [AsParameters] AuditQuery query, CurrentUser user, AuditQueries audit, CancellationToken cancellationToken) =>
        TypedResults.Ok(await audit.ListOwnAsync(user.Id, query, cancellationToken));

    private static async Task<Results<Ok<AuditListResponse>, ErrorResult>> ListOfOrganizationAsync(
        Guid id, [AsParameters] AuditQuery query, CurrentUser user, IAccessControl access, AuditQueries audit, CancellationToken cancellationToken)
    {
        var hidden = ApiErrors.NotFound("ORGANIZATION_NOT_FOUND", $"Organization with ID '{id}' not found");
        if (await access.RefuseAsync(user, id, AccessAction.Manage, hidden, cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await audit.ListOfOrganizationAsync(id, query, cancellationToken));
    }

    private static async Task<Ok<AuditListResponse>> ListAllAsync([AsParameters] AuditQuery query, AuditQueries audit, CancellationToken cancellationToken) =>
        TypedResults.Ok(await audit.ListAllAsync(query, cancellationToken));
}
