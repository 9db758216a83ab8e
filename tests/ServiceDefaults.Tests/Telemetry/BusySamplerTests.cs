using System.Diagnostics;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Telemetry;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class BusySamplerTests
{
    [Fact]
    public void So_many_new_traces_a_second_are_recorded()
    {
        var time = new ManualTime();
        var sampler = new BusySampler(3, time);

        Enumerable.Range(0, 10).Count(_ => Records(sampler, default)).ShouldBe(3);
        time.Now += TimeSpan.TicksPerSecond;
        Enumerable.Range(0, 10).Count(_ => Records(sampler, default)).ShouldBe(3);
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void What_belongs_to_a_trace_follows_it(ActivityTraceFlags flags, bool expected)
    {
        var sampler = new BusySampler(1, new ManualTime());
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);

        for (var i = 0; i < 5; i++) Records(sampler, parent).ShouldBe(expected);
        // They took nothing of what new ones may have.
        Records(sampler, default).ShouldBeTrue();
    }

    private static bool Records(BusySampler sampler, ActivityContext parent) =>
        sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "request", ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;

    private sealed class ManualTime : TimeProvider
    {
        public long Now { get; set; } = TimeSpan.TicksPerHour;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
