using Platform.AppHost.Local.Orchestration;

namespace Platform.AppHost.Tests.Orchestration;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Delays_double_from_one_second_to_thirty()
    {
        var backoff = new RestartBackoff();

        var delays = Enumerable.Range(0, 8).Select(_ => backoff.Next(TimeSpan.Zero).TotalSeconds);

        delays.ShouldBe([1, 2, 4, 8, 16, 30, 30, 30]);
    }

    [Fact]
    public void A_healthy_minute_forgives_earlier_crashes()
    {
        var backoff = new RestartBackoff();
        for (var i = 0; i < 5; i++) backoff.Next(TimeSpan.FromSeconds(59));

        backoff.Next(TimeSpan.FromSeconds(59)).ShouldBe(RestartBackoff.Longest);
        backoff.Next(TimeSpan.FromSeconds(60)).ShouldBe(RestartBackoff.First);
    }

    [Fact]
    public void Very_many_crashes_do_not_overflow()
    {
        var backoff = new RestartBackoff();
        for (var i = 0; i < 1000; i++) backoff.Next(TimeSpan.Zero).ShouldBeInRange(RestartBackoff.First, RestartBackoff.Longest);
    }
}
