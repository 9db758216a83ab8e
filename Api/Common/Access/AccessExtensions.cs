using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Access;

internal static class AccessExtensions
{
    public const string EmailNotVerified = "EMAIL_NOT_VERIFIED";

    /// <summary>
    /// The one line of an endpoint: <c>if (await access.RefuseAsync(user, ownerId, AccessAction.Write, Errors.NotFound(id), token) is { } refusal) return refusal;</c>
    /// </summary>
    /// <param name="access">Who decides.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="ownerId">Whom the thing belongs to; null: there is no such thing.</param>
    /// <param name="action">What is to be done to it.</param>
    /// <param name="hidden">The feature's own answer for what does not exist, which foreign things get as well.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>How to refuse, or null: it may be done.</returns>
    public static async ValueTask<ErrorResult?> RefuseAsync(
        this IAccessControl access, CurrentUser user, Guid? ownerId, AccessAction action, ErrorResult hidden, CancellationToken cancellationToken)
    {
        if (ownerId is not { } owner) return hidden;
        return await access.DecideAsync(user, owner, action, cancellationToken) switch
        {
            AccessDecision.Allowed => null,
            AccessDecision.Hidden => hidden,
            AccessDecision.VerificationNeeded => ApiErrors.Forbidden(EmailNotVerified, "Verify your email address first."),
            _ => ApiErrors.Forbidden(ErrorCodes.Forbidden, "Your role does not allow this."),
        };
    }
}
