using System.Diagnostics.Metrics;

namespace Platform.Core.Realtime.Redis;

/// <summary>Figures of the live buses.</summary>
internal static class RealtimeTelemetry
{
    public const string Name = "Platform.Realtime";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("platform.realtime.dropped", "{entry}", "Entries lost by listeners that were too slow.");

    private static readonly Counter<long> Breaks =
        Meter.CreateCounter<long>("platform.realtime.breaks", "{break}", "Times the subscriptions of this process ended because the connection broke.");

    public static void RecordDropped() => Dropped.Add(1);

    public static void RecordBreak() => Breaks.Add(1);
}
