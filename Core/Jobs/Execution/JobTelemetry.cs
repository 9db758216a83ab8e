using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Core.Jobs.Execution;

/// <summary>Traces and figures of the job engines; source and meter are both called <see cref="Name"/>.</summary>
internal static class JobTelemetry
{
    public const string Name = "Platform.Jobs";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Enqueued =
        Meter.CreateCounter<long>("platform.jobs.enqueued", "{job}", "Jobs placed.");

    private static readonly Histogram<double> Wait =
        Meter.CreateHistogram<double>("platform.jobs.wait", "s", "From the moment a job may start to its start.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("platform.jobs.duration", "s", "One attempt, by outcome.");

    private static volatile IReadOnlyDictionary<string, QueueDepth> _depths = new Dictionary<string, QueueDepth>();

    static JobTelemetry()
    {
        Meter.CreateObservableGauge("platform.jobs.depth", () => Observe(depth => depth.Queued), "{job}", "Jobs that wait.");
        Meter.CreateObservableGauge("platform.jobs.running", () => Observe(depth => depth.Running), "{job}", "Jobs under a lease.");
    }

    public static void RecordEnqueued(PlacedJob job) => Enqueued.Add(1, Tag("queue", job.Queue), Tag("type", job.Type));

    public static void RecordStart(string queue, string type, TimeSpan wait) =>
        Wait.Record(wait.TotalSeconds, Tag("queue", queue), Tag("type", type));

    public static void RecordEnd(string queue, string type, TimeSpan duration, JobOutcome outcome) =>
        Duration.Record(duration.TotalSeconds, Tag("queue", queue), Tag("type", type), Tag("outcome", outcome.Name));

    public static void RecordDepths(IReadOnlyDictionary<string, QueueDepth> depths) => _depths = depths;

    public static Activity? StartPlacing(string type) => Source.StartActivity($"enqueue {type}", ActivityKind.Producer);

    public static Activity? StartAttempt(string type, string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity($"job {type}", ActivityKind.Consumer, parent)
            : Source.StartActivity($"job {type}", ActivityKind.Consumer);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<int>> Observe(Func<QueueDepth, int> value) =>
        _depths.Select(pair => new Measurement<int>(value(pair.Value), Tag("queue", pair.Key)));
}
