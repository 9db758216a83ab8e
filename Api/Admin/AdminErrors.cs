using Platform.Api.Common.Errors;

namespace Platform.Api.Admin;

internal static class AdminErrors
{
    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("USER_NOT_FOUND", $"User with ID '{id}' not found");

    public static ErrorResult Oneself { get; } = ApiErrors.Conflict("CANNOT_CHANGE_ONESELF", "Another administrator must do this to your account.");

    /// <summary>Somebody took the caller's role while the request was under way.</summary>
    public static ErrorResult NoLonger { get; } = ApiErrors.Forbidden(ErrorCodes.Forbidden, "You are no administrator any more.");
}
