using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>How much of what happens is told to whoever listens.</summary>
internal sealed class TelemetryOptions
{
    public const string SectionName = "Telemetry";

    /// <summary>New traces of this process that are recorded, at most; the rest keep their ids and are not sent.</summary>
    [Range(0, 1_000_000)]
    public int TracesPerSecond { get; set; } = 50;
}
