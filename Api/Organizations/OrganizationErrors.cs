using Platform.Api.Common.Errors;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

internal static class OrganizationErrors
{
    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("ORGANIZATION_NOT_FOUND", $"Organization with ID '{id}' not found");

    public static ErrorResult OwnerNotFound(Guid id) => ApiErrors.NotFound("OWNER_NOT_FOUND", $"Owner with ID '{id}' not found");

    public static ErrorResult ProjectNotFound(Guid id) => ApiErrors.NotFound("PROJECT_NOT_FOUND", $"Project with ID '{id}' not found");

    public static ErrorResult MemberNotFound { get; } = ApiErrors.NotFound("MEMBER_NOT_FOUND", "This person is not a member of the organisation.");

    public static ErrorResult SlugTaken { get; } = ApiErrors.Conflict("SLUG_TAKEN", "Another organisation has this name in addresses.");

    public static ErrorResult TooMany { get; } = ApiErrors.Conflict("TOO_MANY_ORGANIZATIONS", "You own as many organisations as one account may.");

    public static ErrorResult LastOwner { get; } =
        ApiErrors.Conflict("LAST_OWNER", "An organisation needs an owner. Make somebody else an owner first, or delete the organisation.");

    /// <summary>Names what stands in the way of deleting an account.</summary>
    public static ErrorResult LastOwnerOf(IReadOnlyList<Organization> organizations) => ApiErrors.Conflict(
        LastOwner.Code,
        $"You are the only owner of {string.Join(", ", organizations.Select(organization => organization.Name))}. Make somebody else an owner first, or delete the organisation.");

    public static ErrorResult ProjectExists { get; } =
        ApiErrors.Conflict("PROJECT_EXISTS", "The new owner has a project of this repository and directory already.");

    /// <summary>What the project brings along does not fit; <paramref name="what"/> is <c>uploads</c> or <c>sites</c>.</summary>
    public static ErrorResult ReceiverFull(string what, long limit, long needed) => new(
        StatusCodes.Status409Conflict,
        "OWNER_STORAGE_EXCEEDED",
        $"The {what} of the new owner would be larger together than one owner's may be. Delete what is not needed, there or of the project.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["what"] = what, ["limitBytes"] = limit, ["neededBytes"] = needed });

    /// <summary>The same whether it never was, was answered, was taken back or has run out.</summary>
    public static ErrorResult InvitationNotFound { get; } = ApiErrors.NotFound("INVITATION_NOT_FOUND", "This invitation does not exist or is no longer valid.");

    public static ErrorResult AlreadyMember { get; } = ApiErrors.Conflict("ALREADY_MEMBER", "This person is a member already.");

    public static ErrorResult TooManyInvitations { get; } =
        new(StatusCodes.Status429TooManyRequests, "TOO_MANY_INVITATIONS", "This organisation has sent as many invitations as it may in a day.");

    public static ErrorResult OtherAddress { get; } =
        ApiErrors.Forbidden("INVITATION_FOR_OTHER_ADDRESS", "This invitation is for another email address. Sign in with the account of that address.");

    public static ErrorResult NotEmpty(string kinds) =>
        ApiErrors.Conflict("ORGANIZATION_NOT_EMPTY", $"The organisation still owns {kinds}. Delete them or hand them over first.");
}
