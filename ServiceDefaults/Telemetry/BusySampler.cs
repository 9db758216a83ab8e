using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Records every trace of a calm process and some of a busy one: so many new ones a second, and whatever belongs to a trace that is recorded elsewhere.
/// What is not recorded still has its trace id, which the log lines carry.
/// </summary>
internal sealed class BusySampler(int perSecond, TimeProvider time) : Sampler
{
    private readonly Lock _lock = new();
    private long _second = time.GetTimestamp();
    private int _begun;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var isChild = parent.TraceId != default;
        var isRecorded = isChild ? parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) : TryBegin();
        return new SamplingResult(isRecorded ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1)) (_second, _begun) = (time.GetTimestamp(), 0);
            return _begun++ < perSecond;
        }
    }
}
