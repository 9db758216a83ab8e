namespace Platform.Core.Data.Entities;

/// <summary>One security-relevant act. Rows are only added; the table refuses changes.</summary>
public sealed class AuditEvent
{
    public Guid Id { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary><c>subject.verb</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The account that acted; it may be gone.</summary>
    public Guid? ActorId { get; set; }

    public Guid? OwnerId { get; set; }

    public string? TargetType { get; set; }

    public string? TargetId { get; set; }

    public Guid? SessionId { get; set; }

    public string? IpAddress { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>A JSON object of facts.</summary>
    public string Details { get; set; } = "{}";
}
