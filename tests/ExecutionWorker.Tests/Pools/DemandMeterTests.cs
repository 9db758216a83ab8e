using Platform.ExecutionWorker.Pools;

namespace Platform.ExecutionWorker.Tests.Pools;

public sealed class DemandMeterTests
{
    private readonly ManualClock _time = new();

    [Fact]
    public void A_steady_demand_is_known_after_a_while_and_forgotten_after_a_while()
    {
        var meter = new DemandMeter(_time);
        for (var i = 0; i < 400; i++)
        {
            meter.Record();
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        meter.Read().PerSecond.ShouldBe(4, tolerance: 0.2);
        meter.Read().Recent.ShouldBeGreaterThan(300);

        _time.Advance(TimeSpan.FromMinutes(1));
        meter.Read().PerSecond.ShouldBeLessThan(0.02);
        meter.Read().Recent.ShouldBeGreaterThan(200);

        _time.Advance(TimeSpan.FromHours(1));
        meter.Read().Recent.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void A_single_request_keeps_a_language_warm_for_some_minutes()
    {
        var meter = new DemandMeter(_time);
        meter.Record();

        _time.Advance(TimeSpan.FromMinutes(3));
        PoolPlan.Want(0, 8, meter.Read()).ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(3));
        PoolPlan.Want(0, 8, meter.Read()).ShouldBe(0);
    }
}

/// <summary>A clock that goes on only when it is told to.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}
