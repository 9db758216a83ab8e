using Platform.Api.Common.Errors;

namespace Platform.Api.Deployments;

internal static class DeploymentErrors
{
    public const string OwnerNotFoundCode = "OWNER_NOT_FOUND";

    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("DEPLOYMENT_NOT_FOUND", $"Deployment with ID '{id}' not found");

    public static ErrorResult OwnerNotFound(Guid id) => ApiErrors.NotFound(OwnerNotFoundCode, $"Owner with ID '{id}' not found");

    public static ErrorResult AlreadyFinal(string status) =>
        ApiErrors.Conflict("DEPLOYMENT_ALREADY_FINISHED", $"The deployment has already ended: {status}.");
}
