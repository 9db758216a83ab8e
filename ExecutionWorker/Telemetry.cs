using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker;

/// <summary>Traces and figures of runs.</summary>
internal static class Telemetry
{
    public const string Name = "Platform.ExecutionWorker";

    public static readonly ActivitySource Source = new(Name);

    /// <summary>A sandbox was ready, was created and had to be started, or had to be made.</summary>
    public const string Hit = "hit";
    public const string Reserve = "reserve";
    public const string Miss = "miss";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Take =
        Meter.CreateHistogram<double>("platform.execution.sandbox.wait", "s", "From asking for a sandbox to having it, by pool hit.");

    private static readonly Histogram<double> Start =
        Meter.CreateHistogram<double>("platform.execution.sandbox.start", "s", "From creation to the supervisor's ready frame.");

    private static readonly Histogram<double> Run =
        Meter.CreateHistogram<double>("platform.execution.run", "s", "One run, by language and verdict.");

    private static readonly Histogram<double> Build =
        Meter.CreateHistogram<double>("platform.execution.image.build", "s", "The build of an image that was missing.");

    private static int _unwanted;

    static Telemetry() => Meter.CreateObservableGauge(
        "platform.execution.sandbox.unwanted", () => Volatile.Read(ref _unwanted), "{container}", "Containers of this worker that belong to nothing.");

    /// <summary>Containers of this worker that belonged to nothing when it looked.</summary>
    public static void RecordUnwanted(int count) => Volatile.Write(ref _unwanted, count);

    /// <summary>Reports the pools' levels from now on.</summary>
    public static void ObservePools(Func<IEnumerable<(string Language, int Ready, int Target)>> pools)
    {
        Meter.CreateObservableGauge(
            "platform.execution.pool.ready", () => pools().Select(pool => new Measurement<int>(pool.Ready, new KeyValuePair<string, object?>("language", pool.Language))),
            "{container}", "Sandboxes that wait for a run.");
        Meter.CreateObservableGauge(
            "platform.execution.pool.target", () => pools().Select(pool => new Measurement<int>(pool.Target, new KeyValuePair<string, object?>("language", pool.Language))),
            "{container}", "Sandboxes that shall wait for a run.");
    }

    /// <param name="language">Of which it is.</param>
    /// <param name="origin"><see cref="Hit"/>, <see cref="Reserve"/> or <see cref="Miss"/>.</param>
    /// <param name="elapsed">How long the run waited for it.</param>
    public static void RecordTake(string language, string origin, TimeSpan elapsed) =>
        Take.Record(elapsed.TotalSeconds, new("language", language), new("pool", origin));

    public static void RecordStart(string language, TimeSpan elapsed) =>
        Start.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("language", language));

    public static void RecordRun(string language, RunVerdict verdict, TimeSpan elapsed) =>
        Run.Record(elapsed.TotalSeconds, new("language", language), new("verdict", verdict.ToString()));

    public static void RecordBuild(string image, bool built, TimeSpan elapsed) =>
        Build.Record(elapsed.TotalSeconds, new("image", image), new("outcome", built ? "built" : "failed"));
}
