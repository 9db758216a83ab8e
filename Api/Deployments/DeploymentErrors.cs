using Platform.Api.Common.Errors;

namespace Platform.Api.Deployments;

internal static class DeploymentErrors
{
    public const string OwnerNotFoundCode = "OWNER_NOT_FOUND";
    public const string NotFoundCode = "DEPLOYMENT_NOT_FOUND";
    public const string ProjectNotFoundCode = "PROJECT_NOT_FOUND";

    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound(NotFoundCode, $"Deployment with ID '{id}' not found");

    public static ErrorResult OwnerNotFound(Guid id) => ApiErrors.NotFound(OwnerNotFoundCode, $"Owner with ID '{id}' not found");

    public static ErrorResult ProjectNotFound(Guid id) => ApiErrors.NotFound(ProjectNotFoundCode, $"Project with ID '{id}' not found");

    public static ErrorResult AlreadyFinal(string status) =>
        ApiErrors.Conflict("DEPLOYMENT_ALREADY_FINISHED", $"The deployment has already ended: {status}.");

    public static ErrorResult InProduction { get; } =
        ApiErrors.Conflict("DEPLOYMENT_IN_PRODUCTION", "Visitors of the site see this deployment. Promote another one first, or delete the project.");

    public static ErrorResult NotPromotable { get; } =
        ApiErrors.Conflict("DEPLOYMENT_NOT_PROMOTABLE", "Only a successful deployment that still has its files can become production.");

    public static ErrorResult ArchiveQuota { get; } =
        new(StatusCodes.Status413PayloadTooLarge, "ARCHIVE_QUOTA_EXCEEDED", "The owner's uploads together are too large. Delete projects that are not needed.");
}
