using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

internal static class OrganizationsApi
{
    public static IEndpointRouteBuilder MapOrganizations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/organizations").WithTags("Organizations").RequireAuthorization();
        var read = group.MapGroup("").RequireScope(ApiScopes.OrganizationsRead);
        read.MapGet("", ListAsync).WithName("listOrganizations").WithSummary("The organisations of the caller, by name.");
        read.MapGet("/{id:guid}", GetAsync).WithName("getOrganization").WithSummary("One organisation.");
        read.MapGet("/{id:guid}/members", ListMembersAsync).WithName("listMembers").WithSummary("Members, the longest-standing first.");

        var write = group.MapGroup("").RequireScope(ApiScopes.OrganizationsWrite);
        write.MapPatch("/{id:guid}", UpdateAsync).WithName("updateOrganization").WithSummary("Renames an organisation.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapPatch("/{id:guid}/members/{userId:guid}", ChangeRoleAsync).WithName("changeMemberRole").WithSummary("Gives a member another role.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapDelete("/{id:guid}/members/{userId:guid}", RemoveMemberAsync).WithName("removeMember").WithSummary("Removes a member; of oneself: leaves.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapPost("/{id:guid}/leave", LeaveAsync).WithName("leaveOrganization").WithSummary("Leaves an organisation; its last owner cannot.")
            .ProducesError(StatusCodes.Status409Conflict);

        // Not for API tokens: who owns what is decided by people.
        group.MapPost("", CreateAsync).WithName("createOrganization").WithSummary("Creates an organisation; the caller becomes its owner.")
            .ProducesError(StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", DeleteAsync).WithName("deleteOrganization").WithSummary("Deletes an organisation that owns nothing any more.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/transfer", TransferAsync).WithName("transferOrganization").WithSummary("Makes another member the owner in the caller's place.")
            .ProducesError(StatusCodes.Status403Forbidden);
        routes.MapPost("/api/projects/{id:guid}/transfer", TransferProjectAsync).WithTags("Organizations").RequireAuthorization()
            .WithName("transferProject").WithSummary("Hands a project to another owner that the caller may deploy for.")
            .RequireScope(ApiScopes.ProjectsWrite)
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Ok<OrganizationListResponse>> ListAsync(
        [AsParameters] PageQuery page, CurrentUser user, OrganizationQueries organizations, CancellationToken cancellationToken) =>
        TypedResults.Ok(await organizations.ListAsync(user, page, cancellationToken));

    private static async Task<Results<Created<OrganizationResponse>, ErrorResult>> CreateAsync(
        CreateOrganizationRequest request, CurrentUser user, OrganizationService service, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        var (id, refusal) = await service.CreateAsync(request, user, cancellationToken);
        if (refusal is not null) return refusal;
        return TypedResults.Created($"/api/organizations/{id}", await organizations.GetAsync(id, user, cancellationToken));
    }

    private static async Task<Results<Ok<OrganizationResponse>, ErrorResult>> GetAsync(
        Guid id, CurrentUser user, IAccessControl access, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(access, user, id, AccessAction.Read, cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await organizations.GetAsync(id, user, cancellationToken));
    }

    private static async Task<Results<Ok<OrganizationResponse>, ErrorResult>> UpdateAsync(
        Guid id,
        UpdateOrganizationRequest request,
        CurrentUser user,
        OrganizationService service,
        OrganizationQueries organizations,
        CancellationToken cancellationToken)
    {
        if (await service.UpdateAsync(id, request, user, cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await organizations.GetAsync(id, user, cancellationToken));
    }

    private static async Task<Results<NoContent, ErrorResult>> DeleteAsync(
        Guid id, CurrentUser user, OrganizationService service, CancellationToken cancellationToken) =>
        Done(await service.DeleteAsync(id, user, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> TransferAsync(
        Guid id, TransferOrganizationRequest request, CurrentUser user, MembershipService members, CancellationToken cancellationToken) =>
        Done(await members.TransferAsync(id, request.UserId!.Value, user, cancellationToken));

    private static async Task<Results<Ok<MemberListResponse>, ErrorResult>> ListMembersAsync(
        Guid id, [AsParameters] PageQuery page, CurrentUser user, IAccessControl access, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(access, user, id, AccessAction.Read, cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await organizations.ListMembersAsync(id, page, cancellationToken));
    }

    private static async Task<Results<NoContent, ErrorResult>> ChangeRoleAsync(
        Guid id, Guid userId, ChangeRoleRequest request, CurrentUser user, MembershipService members, CancellationToken cancellationToken) =>
        Done(await members.ChangeRoleAsync(id, userId, OrganizationRoles.Find(request.Role)!.Value, user, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> RemoveMemberAsync(
        Guid id, Guid userId, CurrentUser user, MembershipService members, CancellationToken cancellationToken) =>
        Done(await members.RemoveAsync(id, userId, user, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> LeaveAsync(
        Guid id, CurrentUser user, MembershipService members, CancellationToken cancellationToken) =>
        Done(await members.RemoveAsync(id, user.Id, user, cancellationToken));

    private static async Task<Results<Ok<ProjectOwnerResponse>, ErrorResult>> TransferProjectAsync(
        Guid id, TransferProjectRequest request, CurrentUser user, ProjectTransfer transfer, PlatformDbContext database, CancellationToken cancellationToken)
    {
        if (await transfer.RunAsync(id, request.Owner!.Value, user, cancellationToken) is { } refusal) return refusal;
        return await database.Projects.FindAsync([id], cancellationToken) is { } project
            ? TypedResults.Ok(new ProjectOwnerResponse(project.Id, project.Name, project.Slug, project.OwnerId))
            : OrganizationErrors.ProjectNotFound(id);
    }

    private static ValueTask<ErrorResult?> RefuseAsync(IAccessControl access, CurrentUser user, Guid id, AccessAction action, CancellationToken cancellationToken) =>
        access.RefuseAsync(user, id, action, OrganizationErrors.NotFound(id), cancellationToken);

    private static Results<NoContent, ErrorResult> Done(ErrorResult? refusal) => refusal is null ? TypedResults.NoContent() : refusal;
}
