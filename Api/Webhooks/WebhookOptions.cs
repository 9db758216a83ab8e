using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Webhooks;

/// <summary>How addresses outside are told.</summary>
internal sealed class WebhookOptions
{
    public const string SectionName = "Webhooks";

    /// <summary>Whether private and local addresses may be called. Null: in Development only.</summary>
    public bool? AllowPrivateHosts { get; set; }

    /// <summary>How many webhooks see the deployments of one project.</summary>
    [Range(1, 1000)]
    public int MaxPerProject { get; set; } = 20;

    /// <summary>How often a delivery is tried before it is given up.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 7;

    /// <summary>Time until the second attempt; four times as long for each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time between two attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A webhook that has failed for this long, without a success in between, is switched off.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How many deliveries of a webhook are remembered.</summary>
    [Range(1, 10_000)]
    public int KeepDeliveries { get; set; } = 200;

    /// <summary>How long the secret before a rotation signs as well.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SecretOverlap { get; set; } = TimeSpan.FromHours(24);
}
