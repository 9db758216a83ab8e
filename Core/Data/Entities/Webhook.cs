namespace Platform.Core.Data.Entities;

/// <summary>An address outside that is told what happens to the deployments of a project, or of all projects of an owner.</summary>
public sealed class Webhook
{
    public Guid Id { get; set; }

    /// <summary>Only deployments of this owner are told: a project that is handed over takes no webhook along.</summary>
    public Guid OwnerId { get; set; }

    /// <summary>Null: all projects of the owner.</summary>
    public Guid? ProjectId { get; set; }

    /// <summary>Who made it and is told when it is switched off; null when that account is gone.</summary>
    public Guid? UserId { get; set; }

    public required string Url { get; set; }

    /// <summary>The events it is told.</summary>
    public required string[] Events { get; set; }

    /// <summary>The key of the signature, encrypted with Data Protection.</summary>
    public required string Secret { get; set; }

    /// <summary>The key before the last rotation, which signs as well for a while.</summary>
    public string? PreviousSecret { get; set; }

    public DateTimeOffset? PreviousSecretUntil { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>The first failure since the last success.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>When it was switched off because nobody answered for so long.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>One thing that a webhook is told, and how that went.</summary>
public sealed class WebhookDelivery
{
    public Guid Id { get; set; }

    public Guid WebhookId { get; set; }

    public required string Event { get; set; }

    /// <summary>The same for the same happening, which is told once; of tests and repetitions their own.</summary>
    public required string EventKey { get; set; }

    /// <summary>The body, byte for byte as it is signed.</summary>
    public required string Payload { get; set; }

    /// <summary>One of <see cref="WebhookDeliveryState"/>; moved by compare-and-set with <see cref="Attempts"/>.</summary>
    public string State { get; set; } = WebhookDeliveryState.Pending;

    /// <summary>Attempts that have ended.</summary>
    public int Attempts { get; set; }

    /// <summary>The status of the last answer.</summary>
    public int? ResponseStatus { get; set; }

    /// <summary>How long the last attempt took.</summary>
    public int? DurationMs { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; set; }

    /// <summary>The delivery that this one repeats.</summary>
    public Guid? RedeliveryOf { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The states of a delivery: <c>pending → delivered | failed</c>.</summary>
public static class WebhookDeliveryState
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Pending, Delivered, Failed];
}
