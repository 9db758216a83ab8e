namespace Platform.Core.Jobs;

/// <summary>Check out, build and publish one deployment.</summary>
/// <param name="DeploymentId">The row in <c>deployments</c>.</param>
public sealed record BuildDeploymentJob(Guid DeploymentId) : IJob
{
    /// <inheritdoc />
    public static string Type => "build-deployment";

    /// <inheritdoc />
    public static string Queue => JobQueues.Deployments;
}
