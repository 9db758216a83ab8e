namespace Platform.Core.Data.Entities;

/// <summary>How many deployments of an owner have a status; kept by triggers, so that a list of a million knows its length.</summary>
public sealed class DeploymentCount
{
    public Guid OwnerId { get; set; }

    public required string Status { get; set; }

    public long Total { get; set; }
}
