namespace Platform.Core.Data.Entities;

/// <summary>State of one part of the platform as the status page shows it.</summary>
public sealed class ServiceStatus
{
    public Guid Id { get; set; }

    public required string ServiceName { get; set; }

    /// <summary>operational, degraded or down.</summary>
    public required string Status { get; set; }

    public decimal? UptimePercentage { get; set; }

    /// <summary>Milliseconds.</summary>
    public int? ResponseTime { get; set; }

    public DateTimeOffset LastCheckedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
