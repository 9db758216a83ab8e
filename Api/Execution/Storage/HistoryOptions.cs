using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution.Storage;

/// <summary>What is kept of runs that are over.</summary>
internal sealed class HistoryOptions
{
    public const string SectionName = "Execution:History";

    /// <summary>Whether runs with a waiting caller are recorded, too.</summary>
    public bool RecordSync { get; set; } = true;

    /// <summary>How long a run is kept after its end.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Runs of one owner; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerOwner { get; set; } = 1000;

    /// <summary>Characters of each output that are kept.</summary>
    [Range(0, 8 * 1024 * 1024)]
    public int MaxOutputChars { get; set; } = 1024 * 1024;

    /// <summary>How often is looked for what is too old.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);
}
