namespace Platform.Core.Data.Entities;

/// <summary>One stored log line; unique by deployment and number.</summary>
public sealed class DeploymentLog
{
    public Guid Id { get; set; }

    public Guid DeploymentId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public long Seq { get; set; }

    public DateTimeOffset Timestamp { get; set; }

    /// <summary>info, warning or error.</summary>
    public required string LogLevel { get; set; }

    public required string Message { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
