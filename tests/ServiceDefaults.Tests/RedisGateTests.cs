using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Tests;

public sealed class RedisGateTests
{
    private readonly DueTime _time = new();
    private readonly TaskCompletionSource<long> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RedisGate _gate;

    public RedisGateTests() => _gate = new RedisGate(Substitute.For<IConnectionMultiplexer>(), _time, NullLogger<RedisGate>.Instance);

    [Fact]
    public async Task An_answer_that_came_while_this_process_stood_still_counts()
    {
        var asking = _gate.TryAsync(_ => _answer.Task);

        // Whatever is due is due at once, and only then is read what lies ready.
        (await _time.PassAsync()).ShouldBeTrue();
        _answer.SetResult(42);

        (await asking).ShouldBe((true, 42L));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_and_not_asked_for_a_while()
    {
        var asking = _gate.TryAsync(_ => _answer.Task);

        while (!asking.IsCompleted) await _time.PassAsync(asking);

        (await asking).ShouldBe((false, 0L));
        (await _gate.TryAsync(Unexpected)).ShouldBe((false, 0L));
        _time.Advance(RedisGate.RetryAfter);
        (await _gate.TryAsync(_ => Task.FromResult(7L))).ShouldBe((true, 7L));

        static Task<long> Unexpected(IDatabase database) => throw new InvalidOperationException("It was asked.");
    }

    [Fact]
    public async Task A_failure_is_told_at_once()
    {
        var asking = _gate.TryAsync(_ => _answer.Task);

        _answer.SetException(new TimeoutException("The client gave up."));

        (await asking).ShouldBe((false, 0L));
    }

    [Fact]
    public async Task What_the_client_took_back_when_its_connection_broke_is_a_failure()
    {
        var asking = _gate.TryAsync(_ => _answer.Task);

        _answer.SetCanceled();

        (await asking).ShouldBe((false, 0L));
    }

    /// <summary>Timers are due when the test says so.</summary>
    private sealed class DueTime : TimeProvider
    {
        private readonly ConcurrentQueue<TimerCallback> _due = new();
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan) _due.Enqueue(_ => callback(state));
            return Substitute.For<ITimer>();
        }

        /// <summary>Lets the next timer be due; false when there is none because <paramref name="until"/> is over.</summary>
        public async Task<bool> PassAsync(Task? until = null)
        {
            TimerCallback? due = null;
            await Eventually.TrueAsync(() => _due.TryDequeue(out due) || until is { IsCompleted: true });
            due?.Invoke(null);
            return due is not null;
        }
    }
}
