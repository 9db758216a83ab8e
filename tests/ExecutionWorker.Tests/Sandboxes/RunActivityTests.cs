using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

public sealed class RunActivityTests
{
    [Fact]
    public void It_is_quiet_when_no_run_is_in_work_and_the_last_answer_is_out()
    {
        var time = new ManualTime();
        var activity = new RunActivity(time);
        activity.IsQuiet.ShouldBeTrue();

        activity.Began();
        activity.Began();
        activity.Ended();
        time.Advance(RunActivity.Settle);
        activity.IsQuiet.ShouldBeFalse("one is still in work");

        activity.Ended();
        activity.IsQuiet.ShouldBeFalse("its answer is on the way");
        time.Advance(RunActivity.Settle);
        activity.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_gives_way_goes_on_when_it_is_quiet()
    {
        var activity = new RunActivity(TimeProvider.System);
        activity.Began();
        var waiting = activity.GiveWayAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();

        activity.Ended();

        await waiting;
        activity.IsQuiet.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_gives_way_for_longer_than_asked_or_after_being_stopped()
    {
        var activity = new RunActivity(TimeProvider.System);
        activity.Began();
        await activity.GiveWayAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        activity.IsQuiet.ShouldBeFalse();

        using var stop = new CancellationTokenSource();
        var waiting = activity.GiveWayAsync(TimeSpan.FromMinutes(5), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now = TimeSpan.TicksPerHour;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
