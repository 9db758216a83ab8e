using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker;

/// <summary>Traces and figures of runs.</summary>
internal static class Telemetry
{
    public const string Name = "Platform.ExecutionWorker";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Take =
        Meter.CreateHistogram<double>("platform.execution.sandbox.wait", "s", "From asking for a sandbox to having it, by pool hit.");

    private static readonly Histogram<double> Start =
        Meter.CreateHistogram<double>("platform.execution.sandbox.start", "s", "From creation to the supervisor's ready frame.");

    private static readonly Histogram<double> Run =
        Meter.CreateHistogram<double>("platform.execution.run", "s", "One run, by language and verdict.");

    public static void RecordTake(string language, bool hit, TimeSpan elapsed) =>
        Take.Record(elapsed.TotalSeconds, new("language", language), new("pool", hit ? "hit" : "miss"));

    public static void RecordStart(string language, TimeSpan elapsed) =>
        Start.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("language", language));

    public static void RecordRun(string language, RunVerdict verdict, TimeSpan elapsed) =>
        Run.Record(elapsed.TotalSeconds, new("language", language), new("verdict", verdict.ToString()));
}
