namespace Platform.Core.Data.Entities;

/// <summary>Something that went wrong with the platform.</summary>
public sealed class Incident
{
    public Guid Id { get; set; }

    public required string Title { get; set; }

    public string? Description { get; set; }

    /// <summary>investigating, identified, monitoring or resolved.</summary>
    public required string Status { get; set; }

    /// <summary>minor, major or critical.</summary>
    public string? Severity { get; set; }

    public string[] AffectedServices { get; set; } = [];

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
