namespace Platform.Core.Data.Entities;

/// <summary>One step of a deployment as shown to users.</summary>
public sealed class DeploymentStage
{
    public Guid Id { get; set; }

    public Guid DeploymentId { get; set; }

    /// <summary>queued, building, deploying, success, failed or cancelled.</summary>
    public required string StageName { get; set; }

    /// <summary>pending, in_progress, completed or failed.</summary>
    public string Status { get; set; } = "pending";

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public string? ErrorMessage { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
