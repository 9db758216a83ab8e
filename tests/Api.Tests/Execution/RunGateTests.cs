using Microsoft.Extensions.Options;
using Platform.Api.Execution;

namespace Platform.Api.Tests.Execution;

public sealed class RunGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_owners_hundred_runs_do_not_hold_up_anothers_single_one()
    {
        var gate = Make(inFlight: 2, perOwner: 2);
        var many = Enumerable.Range(0, 100).Select(_ => gate.EnterAsync("many", Patience, CancellationToken.None)).ToList();
        many.Count(entering => entering.IsCompleted).ShouldBe(2);

        var single = gate.EnterAsync("single", Patience, CancellationToken.None);
        (await many[0])!.Dispose();
        (await many[1])!.Dispose();

        (await single.WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
    }

    [Fact]
    public async Task No_more_than_so_many_of_one_owner_run_at_a_time()
    {
        var gate = Make(inFlight: 10, perOwner: 2);
        var entering = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync("a", Patience, CancellationToken.None)).ToList();
        entering.Select(entry => entry.IsCompleted).ShouldBe([true, true, false]);

        (await entering[0])!.Dispose();

        (await entering[2].WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_waits_too_long_or_comes_when_too_many_wait_is_refused()
    {
        var time = new ManualTime();
        var gate = Make(inFlight: 1, perOwner: 1, waitingPerOwner: 1, time: time);
        var running = (await gate.EnterAsync("a", Patience, CancellationToken.None))!;
        var waiting = gate.EnterAsync("a", Patience, CancellationToken.None);
        (await gate.EnterAsync("a", Patience, CancellationToken.None)).ShouldBeNull();

        time.Advance(Patience);
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeNull();

        running.Dispose();
        (await gate.EnterAsync("a", Patience, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line_and_a_place_is_given_back_once()
    {
        var gate = Make(inFlight: 1, perOwner: 1);
        var running = (await gate.EnterAsync("a", Patience, CancellationToken.None))!;
        using var caller = new CancellationTokenSource();
        var leaving = gate.EnterAsync("b", Patience, caller.Token);
        var staying = gate.EnterAsync("b", Patience, CancellationToken.None);

        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);
        running.Dispose();
        running.Dispose();

        (await staying.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None)).ShouldNotBeNull();
        var next = gate.EnterAsync("c", Patience, CancellationToken.None);
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_that_come_and_go_none_is_lost_and_no_place_leaks()
    {
        var gate = Make(inFlight: 3, perOwner: 2, waitingPerOwner: 1000);
        var running = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(async () =>
        {
            using var place = (await gate.EnterAsync($"owner {number % 7}", Patience, CancellationToken.None)).ShouldNotBeNull();
            var now = Interlocked.Increment(ref running);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
            await Task.Yield();
            Interlocked.Decrement(ref running);
        })));

        most.ShouldBeLessThanOrEqualTo(3);
        var again = Enumerable.Range(0, 3).Select(number => gate.EnterAsync($"new {number}", Patience, CancellationToken.None)).ToList();
        again.ShouldAllBe(entering => entering.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_waits_for_an_image_gives_the_place_to_others_and_takes_none_back()
    {
        var gate = Make(inFlight: 2, perOwner: 2, waitingPerOwner: 2);
        var waiting = new[] { (await gate.EnterAsync("a", Patience, CancellationToken.None))!, (await gate.EnterAsync("a", Patience, CancellationToken.None))! };
        var next = gate.EnterAsync("b", Patience, CancellationToken.None);
        next.IsCompleted.ShouldBeFalse();

        waiting.ShouldAllBe(place => place.TryStepAside() && place.TryStepAside());
        using var running = (await next.WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
        using var second = (await gate.EnterAsync("b", Patience, CancellationToken.None)).ShouldNotBeNull();
        // One owner's runs that wait are bounded, too.
        (await gate.EnterAsync("a", Patience, CancellationToken.None)).ShouldBeNull();

        foreach (var place in waiting) place.Dispose();
        var third = gate.EnterAsync("a", Patience, CancellationToken.None);
        third.IsCompleted.ShouldBeFalse();
        running.Dispose();
        (await third.WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
    }

    private static RunGate Make(int inFlight, int perOwner, int waitingPerOwner = 100, TimeProvider? time = null) => new(
        Options.Create(new ExecutionOptions { MaxInFlight = inFlight, MaxInFlightPerOwner = perOwner, MaxWaitingPerOwner = waitingPerOwner, MaxPending = 1000 }),
        time ?? TimeProvider.System);
}
