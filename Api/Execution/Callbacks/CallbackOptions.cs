using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution.Callbacks;

/// <summary>How callers are told about the end of their runs.</summary>
internal sealed class CallbackOptions
{
    public const string SectionName = "Execution:Callbacks";

    /// <summary>Whether private and local addresses may be called. Null: in Development only.</summary>
    public bool? AllowPrivateHosts { get; set; }

    /// <summary>How often it is tried.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 6;

    /// <summary>Time until the second attempt; four times as long for each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often is looked for what is due.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
