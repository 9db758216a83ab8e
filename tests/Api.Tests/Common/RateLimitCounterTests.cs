using Microsoft.Extensions.Logging.Abstractions;
using Platform.Api.Common.Limits;
using Platform.Api.Tests.Execution;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Api.Tests.Common;

[Trait("Category", "Integration")]
public sealed class RateLimitCounterTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly string _caller = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Instances_that_take_several_at_once_never_allow_more_than_the_limit()
    {
        const int limit = 1000;
        using var one = Create(TimeProvider.System);
        using var other = Create(TimeProvider.System);
        var allowed = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            for (var i = 0; i < limit / 8; i++)
            {
                if ((await CountAsync(number % 2 == 0 ? one : other, limit)).Allowed) Interlocked.Increment(ref allowed);
            }
        })));

        // Twice as many asked; what an instance took and did not spend is lost.
        allowed.ShouldBeInRange(limit * 9 / 10, limit);
        (await CountAsync(one, limit)).Remaining.ShouldBeLessThan(limit / 10);
    }

    [Fact]
    public async Task A_small_limit_is_counted_one_by_one()
    {
        using var one = Create(TimeProvider.System);
        using var other = Create(TimeProvider.System);

        var states = new List<RateLimitState>();
        for (var i = 0; i < 12; i++) states.Add(await CountAsync(i % 2 == 0 ? one : other, 10));

        states.Select(state => state.Remaining).ShouldBe([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]);
        states.Select(state => state.Allowed).ShouldBe([.. Enumerable.Repeat(true, 10), false, false]);
    }

    [Fact]
    public async Task What_was_taken_is_spent_without_asking_and_only_in_its_window()
    {
        var time = new ManualTime();
        using var counter = Create(time);
        (await CountAsync(counter, 3200)).Remaining.ShouldBe(3199);
        await redis.ClearAsync();

        // Redis has forgotten the caller: these come out of what was taken before.
        (await CountAsync(counter, 3200)).Remaining.ShouldBe(3198);
        (await CountAsync(counter, 3200)).Remaining.ShouldBe(3197);

        time.Advance(Window);
        (await CountAsync(counter, 3200)).Remaining.ShouldBe(3199);
    }

    [Fact]
    public async Task A_limit_that_is_lowered_counts_at_once()
    {
        using var counter = Create(TimeProvider.System);
        (await CountAsync(counter, 3200)).Allowed.ShouldBeTrue();

        // A hundred are taken already, as far as Redis knows.
        (await CountAsync(counter, 50)).Allowed.ShouldBeFalse();
    }

    private ValueTask<RateLimitState> CountAsync(RateLimitCounter counter, int limit) =>
        counter.CountAsync(RateLimitPolicy.General, new RateLimitRule { PermitLimit = limit, Window = Window }, _caller);

    private RateLimitCounter Create(TimeProvider time) => new(new RedisGate(redis.Connection, time, NullLogger<RedisGate>.Instance, TimeSpan.FromMinutes(1)), time);
}
