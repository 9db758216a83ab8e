namespace Platform.Core.Data.Entities;

/// <summary>How many deployments of a project have an environment and a status; kept by triggers. None: no row, or 0.</summary>
public sealed class ProjectDeploymentCount
{
    public Guid ProjectId { get; set; }

    public required string Environment { get; set; }

    public required string Status { get; set; }

    public long Total { get; set; }
}
