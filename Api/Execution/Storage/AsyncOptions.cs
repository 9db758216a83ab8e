using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution.Storage;

/// <summary>How runs without a waiting caller are worked on.</summary>
internal sealed class AsyncOptions
{
    public const string SectionName = "Execution:Async";

    /// <summary>How many this instance works on at a time.</summary>
    [Range(0, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>How many of one owner are worked on at a time, by all instances together.</summary>
    [Range(1, 1000)]
    public int PerOwner { get; set; } = 4;

    /// <summary>How many of one owner may wait; more are answered 429.</summary>
    [Range(1, 100_000)]
    public int MaxQueuedPerOwner { get; set; } = 200;

    /// <summary>An instance that does not renew for so long has lost its runs; renewed every fifth of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often is looked for runs by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a run is started, when its instance is lost, before it counts as an internal error.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;
}
