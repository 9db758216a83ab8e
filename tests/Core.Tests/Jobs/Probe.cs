using System.Collections.Concurrent;
using Platform.Core.Jobs;

namespace Platform.Core.Tests.Jobs;

/// <summary>A job whose behaviour the test gives.</summary>
internal sealed record ProbeJob(string Key) : IJob
{
    public static string Type => "probe";

    public static string Queue => "probes";
}

/// <summary>The same on another queue.</summary>
internal sealed record OtherProbeJob(string Key) : IJob
{
    public static string Type => "other-probe";

    public static string Queue => "other-probes";
}

/// <summary>A job that no test registers a handler for.</summary>
internal sealed record ForeignJob(string Key) : IJob
{
    public static string Type => "foreign";

    public static string Queue => ProbeJob.Queue;
}

internal delegate Task ProbeBehaviour(JobContext context, CancellationToken cancellationToken);

/// <summary>What the handlers of a test do and have done.</summary>
internal sealed class Probe
{
    private readonly ConcurrentDictionary<string, ProbeBehaviour> _behaviours = new();

    public ConcurrentQueue<string> Started { get; } = new();

    public ConcurrentQueue<(string Key, string Error)> Buried { get; } = new();

    public Func<string, JobContext, Task>? OnDead { get; set; }

    /// <summary>What a handler does with a job of this key; one without behaviour just succeeds.</summary>
    public void On(string key, ProbeBehaviour behaviour) => _behaviours[key] = behaviour;

    public int StartsOf(string key) => Started.Count(started => started == key);

    public async Task RunAsync(string key, JobContext context, CancellationToken cancellationToken)
    {
        Started.Enqueue(key);
        if (_behaviours.TryGetValue(key, out var behaviour)) await behaviour(context, cancellationToken);
    }

    public async Task BuryAsync(string key, JobContext context, string error)
    {
        Buried.Enqueue((key, error));
        if (OnDead is not null) await OnDead(key, context);
    }
}

internal sealed class ProbeHandler(Probe probe) : IJobHandler<ProbeJob>
{
    public Task HandleAsync(ProbeJob job, JobContext context, CancellationToken cancellationToken) =>
        probe.RunAsync(job.Key, context, cancellationToken);

    public Task OnDeadAsync(ProbeJob job, JobContext context, string error, CancellationToken cancellationToken) =>
        probe.BuryAsync(job.Key, context, error);
}

internal sealed class OtherProbeHandler(Probe probe) : IJobHandler<OtherProbeJob>
{
    public Task HandleAsync(OtherProbeJob job, JobContext context, CancellationToken cancellationToken) =>
        probe.RunAsync(job.Key, context, cancellationToken);
}
