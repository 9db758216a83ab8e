using Platform.Api.Common.Errors;

namespace Platform.Api.Deployments;

internal static class DeploymentErrors
{
    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("DEPLOYMENT_NOT_FOUND", $"Deployment with ID '{id}' not found");

    public static ErrorResult EmailNotVerified() =>
        ApiErrors.Forbidden("EMAIL_NOT_VERIFIED", "Confirm your email address first. The mail with the link and the code can be sent again.");

    public static ErrorResult AlreadyFinal(string status) =>
        ApiErrors.Conflict("DEPLOYMENT_ALREADY_FINISHED", $"The deployment has already ended: {status}.");
}
