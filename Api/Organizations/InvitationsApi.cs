using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

internal static class InvitationsApi
{
    public static IEndpointRouteBuilder MapInvitations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/organizations/{id:guid}/invitations").WithTags("Organizations").RequireAuthorization();
        group.MapGet("", ListAsync).WithName("listInvitations").WithSummary("Invitations that wait for an answer, newest first.")
            .RequireScope(ApiScopes.OrganizationsRead).ProducesError(StatusCodes.Status403Forbidden);
        group.MapPost("", InviteAsync).WithName("inviteMember").WithSummary("Invites a person by mail; an earlier invitation of the address ends.")
            .RequireScope(ApiScopes.OrganizationsWrite).ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        group.MapDelete("/{invitationId:guid}", RevokeAsync).WithName("revokeInvitation").WithSummary("Takes an invitation back.")
            .RequireScope(ApiScopes.OrganizationsWrite).ProducesError(StatusCodes.Status403Forbidden);

        // The mailed token travels in the body: addresses are written down everywhere.
        var mailed = routes.MapGroup("/api/invitations").WithTags("Organizations");
        mailed.MapPost("/preview", PreviewAsync).AllowAnonymous().WithMetadata(IgnoresSignIn.Instance)
            .WithName("getInvitation").WithSummary("What the mailed invitation offers; changes nothing.").ProducesError(StatusCodes.Status404NotFound);
        mailed.MapPost("/accept", AcceptAsync).RequireAuthorization().WithName("acceptInvitation")
            .WithSummary("Joins the organisation; for the account of the invited address.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        mailed.MapPost("/decline", DeclineAsync).AllowAnonymous().WithName("declineInvitation").WithSummary("Says no; needs no account.")
            .ProducesError(StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Results<Ok<InvitationListResponse>, ErrorResult>> ListAsync(
        Guid id, [AsParameters] PageQuery page, CurrentUser user, IAccessControl access, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        if (await access.RefuseAsync(user, id, AccessAction.ManageMembers, OrganizationErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await organizations.ListInvitationsAsync(id, page, cancellationToken));
    }

    private static async Task<Results<Created<InvitationResponse>, ErrorResult>> InviteAsync(
        Guid id, InviteRequest request, CurrentUser user, InvitationService invitations, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        var (invitation, refusal) = await invitations.InviteAsync(id, request.Email!, OrganizationRoles.Find(request.Role)!.Value, user, cancellationToken);
        if (refusal is not null) return refusal;
        return TypedResults.Created($"/api/organizations/{id}/invitations/{invitation}", await organizations.GetInvitationAsync(invitation, user, cancellationToken));
    }

    private static async Task<Results<NoContent, ErrorResult>> RevokeAsync(
        Guid id, Guid invitationId, CurrentUser user, InvitationService invitations, CancellationToken cancellationToken) =>
        await invitations.RevokeAsync(id, invitationId, user, cancellationToken) is { } refusal ? refusal : TypedResults.NoContent();

    private static async Task<Results<Ok<InvitationPreviewResponse>, ErrorResult>> PreviewAsync(
        InvitationTokenRequest request, InvitationService invitations, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        if (await invitations.FindAsync(request.Token!, cancellationToken) is not { } found) return OrganizationErrors.InvitationNotFound;
        return await organizations.PreviewAsync(found, cancellationToken) is { } preview ? TypedResults.Ok(preview) : OrganizationErrors.InvitationNotFound;
    }

    private static async Task<Results<Ok<OrganizationResponse>, ErrorResult>> AcceptAsync(
        InvitationTokenRequest request, CurrentUser user, InvitationService invitations, OrganizationQueries organizations, CancellationToken cancellationToken)
    {
        var (organization, refusal) = await invitations.AcceptAsync(request.Token!, user, cancellationToken);
        if (refusal is not null) return refusal;
        return TypedResults.Ok(await organizations.GetAsync(organization, user, cancellationToken));
    }

    private static async Task<Results<NoContent, ErrorResult>> DeclineAsync(
        InvitationTokenRequest request, CurrentUser? user, InvitationService invitations, CancellationToken cancellationToken) =>
        await invitations.DeclineAsync(request.Token!, user, cancellationToken) is { } refusal ? refusal : TypedResults.NoContent();
}
