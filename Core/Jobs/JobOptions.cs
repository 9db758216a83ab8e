using System.ComponentModel.DataAnnotations;

namespace Platform.Core.Jobs;

/// <summary>Configuration section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>Name of the section.</summary>
    public const string SectionName = "Jobs";

    /// <summary><c>postgres</c> or <c>hangfire</c>; null: what the package set brings.</summary>
    public string? Engine { get; set; }

    /// <summary>Where the jobs are kept. Null: the connection string <see cref="ResourceNames.Database"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How long a worker owns a job without renewing; renewed every third of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.3", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a worker looks by itself, should a notification be lost; also how exact a delay is.</summary>
    [Range(typeof(TimeSpan), "00:00:00.02", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Delay before the second attempt; doubled for each further one, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest delay between two attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a succeeded or cancelled job is remembered; the idempotence of its id ends with it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a dead letter is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(30);
}
