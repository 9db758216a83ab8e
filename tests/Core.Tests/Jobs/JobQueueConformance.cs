using System.Collections.Concurrent;
using System.Diagnostics;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs;

/// <summary>What every engine of <see cref="IJobQueue"/> must do. One class per engine runs it.</summary>
[Trait("Category", "Integration")]
public abstract partial class JobQueueConformance(PostgresFixture postgres) : IAsyncLifetime
{
    private protected Probe Probe { get; } = new();

    private protected JobProcess Producer { get; private set; } = null!;

    private protected abstract string Engine { get; }

    private protected IJobQueue Queue => Producer.Queue;

    private protected string ConnectionString => postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        await ResetAsync();
        Producer = await JobProcess.StartAsync(Engine, ConnectionString);
    }

    public async Task DisposeAsync() => await Producer.DisposeAsync();

    [Fact]
    public async Task A_job_reaches_its_handler_and_succeeds()
    {
        await using var worker = await StartWorkerAsync();
        var seen = new TaskCompletionSource<JobContext>();
        Probe.On("a", (context, _) =>
        {
            seen.SetResult(context);
            return Task.CompletedTask;
        });

        var id = await Queue.EnqueueAsync(new ProbeJob("a"), new EnqueueOptions { MaxAttempts = 5 });

        var context = await seen.Task.WaitAsync(Eventually.DefaultTimeout);
        context.JobId.ShouldBe(id);
        context.Attempt.ShouldBe(1);
        context.MaxAttempts.ShouldBe(5);
        var info = await StateAsync(id, JobState.Succeeded);
        info.Type.ShouldBe("probe");
        info.Queue.ShouldBe("probes");
        info.Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_waits_for_a_worker_and_is_counted()
    {
        var id = await Queue.EnqueueAsync(new ProbeJob("a"));

        (await Queue.FindAsync(id, default))!.State.ShouldBe(JobState.Queued);
        (await Queue.GetDepthAsync(ProbeJob.Queue, default)).ShouldBe(new QueueDepth(1, 0));
        await using var worker = await StartWorkerAsync();
        await StateAsync(id, JobState.Succeeded);
        (await Queue.GetDepthAsync(ProbeJob.Queue, default)).ShouldBe(new QueueDepth(0, 0));
    }

    [Fact]
    public async Task An_id_is_placed_once()
    {
        var id = Guid.NewGuid();
        await Queue.EnqueueAsync(new ProbeJob("a"), new EnqueueOptions { JobId = id });
        await Queue.EnqueueAsync(new ProbeJob("a"), new EnqueueOptions { JobId = id });

        await using var worker = await StartWorkerAsync();
        await StateAsync(id, JobState.Succeeded);
        await Queue.EnqueueAsync(new ProbeJob("a"), new EnqueueOptions { JobId = id });
        var last = await Queue.EnqueueAsync(new ProbeJob("last"));
        await StateAsync(last, JobState.Succeeded);

        Probe.StartsOf("a").ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_job_is_null()
    {
        (await Queue.FindAsync(Guid.NewGuid(), default)).ShouldBeNull();
        (await Queue.CancelAsync(Guid.NewGuid(), default)).ShouldBeFalse();
        (await Queue.RetryDeadLetterAsync(Guid.NewGuid(), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delayed_job_does_not_start_before_its_time()
    {
        await using var worker = await StartWorkerAsync();
        var watch = Stopwatch.StartNew();
        var startedAt = TimeSpan.Zero;
        Probe.On("late", (_, _) =>
        {
            startedAt = watch.Elapsed;
            return Task.CompletedTask;
        });

        var late = await Queue.EnqueueAsync(new ProbeJob("late"), new EnqueueOptions { Delay = TimeSpan.FromSeconds(2) });
        var soon = await Queue.EnqueueAsync(new ProbeJob("soon"));

        await StateAsync(soon, JobState.Succeeded);
        await StateAsync(late, JobState.Succeeded);
        startedAt.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_failure_is_retried_until_it_works()
    {
        await using var worker = await StartWorkerAsync();
        var attempts = new ConcurrentQueue<int>();
        Probe.On("flaky", (context, _) =>
        {
            attempts.Enqueue(context.Attempt);
            return context.Attempt < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        });

        var id = await Queue.EnqueueAsync(new ProbeJob("flaky"), new EnqueueOptions { MaxAttempts = 5 });

        (await StateAsync(id, JobState.Succeeded)).Attempt.ShouldBe(3);
        attempts.ShouldBe([1, 2, 3]);
        Probe.Buried.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_without_attempts_left_is_kept_with_its_error_and_can_be_retried()
    {
        await using var worker = await StartWorkerAsync();
        Probe.On("broken", (_, _) => throw new InvalidOperationException("the reason"));

        var id = await Queue.EnqueueAsync(new ProbeJob("broken"), new EnqueueOptions { MaxAttempts = 2 });

        var dead = await StateAsync(id, JobState.Dead);
        dead.Error.ShouldNotBeNull().ShouldContain("the reason");
        dead.Attempt.ShouldBe(2);
        Probe.StartsOf("broken").ShouldBe(2);
        Probe.Buried.ShouldHaveSingleItem().Error.ShouldBe(dead.Error);
        (await Queue.ListDeadLettersAsync(ProbeJob.Queue, 10, default)).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await Queue.ListDeadLettersAsync(OtherProbeJob.Queue, 10, default)).ShouldBeEmpty();

        Probe.On("broken", (_, _) => Task.CompletedTask);
        (await Queue.RetryDeadLetterAsync(id, default)).ShouldBeTrue();
        await StateAsync(id, JobState.Succeeded);
        (await Queue.ListDeadLettersAsync(ProbeJob.Queue, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_final_failure_is_not_retried()
    {
        await using var worker = await StartWorkerAsync();
        Probe.On("final", (_, _) => throw new JobFailedException("no use"));

        var id = await Queue.EnqueueAsync(new ProbeJob("final"), new EnqueueOptions { MaxAttempts = 5 });

        (await StateAsync(id, JobState.Dead)).Attempt.ShouldBe(1);
        Probe.StartsOf("final").ShouldBe(1);
        Probe.Buried.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Dead_letters_come_newest_first_and_bounded()
    {
        await using var worker = await StartWorkerAsync(concurrency: 1);
        var ids = new List<Guid>();
        foreach (var key in new[] { "1", "2", "3" })
        {
            Probe.On(key, (_, _) => throw new JobFailedException(key));
            ids.Add(await Queue.EnqueueAsync(new ProbeJob(key)));
            await StateAsync(ids[^1], JobState.Dead);
        }

        (await Queue.ListDeadLettersAsync(ProbeJob.Queue, 2, default)).Select(job => job.Id).ShouldBe([ids[2], ids[1]]);
    }

    [Fact]
    public async Task A_waiting_job_that_is_cancelled_never_starts()
    {
        var id = await Queue.EnqueueAsync(new ProbeJob("a"));
        (await Queue.CancelAsync(id, default)).ShouldBeTrue();
        (await Queue.CancelAsync(id, default)).ShouldBeFalse();

        await using var worker = await StartWorkerAsync();
        var next = await Queue.EnqueueAsync(new ProbeJob("b"));
        await StateAsync(next, JobState.Succeeded);

        Probe.StartsOf("a").ShouldBe(0);
        (await Queue.FindAsync(id, default))!.State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task A_running_job_that_is_cancelled_sees_it_and_ends_as_cancelled()
    {
        await using var worker = await StartWorkerAsync();
        JobContext? seen = null;
        Probe.On("long", (context, token) =>
        {
            seen = context;
            return Task.Delay(Timeout.Infinite, token);
        });
        var id = await Queue.EnqueueAsync(new ProbeJob("long"), new EnqueueOptions { MaxAttempts = 3 });
        await Eventually.TrueAsync(() => seen is not null);

        (await Queue.CancelAsync(id, default)).ShouldBeTrue();

        await StateAsync(id, JobState.Cancelled);
        seen!.StopReason.ShouldBe(JobStopReason.Cancelled);
        Probe.StartsOf("long").ShouldBe(1);
        Probe.Buried.ShouldBeEmpty();
        (await Queue.CancelAsync(id, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stopping_process_gives_its_job_back_without_losing_an_attempt()
    {
        var first = await StartWorkerAsync();
        JobContext? seen = null;
        Probe.On("long", (context, token) =>
        {
            seen = context;
            return Task.Delay(Timeout.Infinite, token);
        });
        var id = await Queue.EnqueueAsync(new ProbeJob("long"), new EnqueueOptions { MaxAttempts = 1 });
        await Eventually.TrueAsync(() => seen is not null);

        await first.DisposeAsync();

        seen!.StopReason.ShouldBe(JobStopReason.ShuttingDown);
        var info = await StateAsync(id, JobState.Queued);
        info.Attempt.ShouldBe(0);
        Probe.On("long", (_, _) => Task.CompletedTask);
        await using var second = await StartWorkerAsync();
        (await StateAsync(id, JobState.Succeeded)).Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task No_more_jobs_run_at_a_time_than_allowed()
    {
        await using var worker = await StartWorkerAsync(concurrency: 2);
        var gate = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        async Task CountAsync(JobContext context, CancellationToken token)
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await gate.Task.WaitAsync(token);
            Interlocked.Decrement(ref running);
        }

        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            Probe.On($"{i}", CountAsync);
            ids.Add(await Queue.EnqueueAsync(new ProbeJob($"{i}")));
        }

        var other = await Queue.EnqueueAsync(new OtherProbeJob("other"));
        // The other queue is not held up by a full one.
        await StateAsync(other, JobState.Succeeded);
        await Eventually.TrueAsync(() => Volatile.Read(ref running) == 2);
        (await Queue.GetDepthAsync(ProbeJob.Queue, default)).ShouldBe(new QueueDepth(4, 2));
        gate.SetResult();
        foreach (var id in ids) await StateAsync(id, JobState.Succeeded);
        most.ShouldBe(2);
    }

    [Fact]
    public async Task Higher_priority_first_then_in_the_order_of_placing()
    {
        await Queue.EnqueueAsync(new ProbeJob("low"), new EnqueueOptions { Priority = JobPriority.Low });
        await Queue.EnqueueAsync(new ProbeJob("first"));
        await Queue.EnqueueAsync(new ProbeJob("second"));
        await Queue.EnqueueAsync(new ProbeJob("high"), new EnqueueOptions { Priority = JobPriority.High });

        await using var worker = await StartWorkerAsync(concurrency: 1);

        await Eventually.TrueAsync(() => Probe.Started.Count == 4);
        Probe.Started.ShouldBe(["high", "first", "second", "low"]);
    }

    [Fact]
    public async Task Several_workers_run_each_of_500_jobs_exactly_once()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 500; i++) ids.Add(await Queue.EnqueueAsync(new ProbeJob($"job-{i}")));

        await using var first = await StartWorkerAsync(concurrency: 8);
        await using var second = await StartWorkerAsync(concurrency: 8);

        await Eventually.ValueAsync(
            () => Queue.GetDepthAsync(ProbeJob.Queue, default), depth => depth == new QueueDepth(0, 0), TimeSpan.FromMinutes(3));
        Probe.Started.Count.ShouldBe(500);
        Probe.Started.Distinct().Count().ShouldBe(500);
    }

    [Fact]
    public async Task The_trace_of_the_caller_goes_on_in_the_worker()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Platform.Jobs" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var worker = await StartWorkerAsync();
        var seen = new TaskCompletionSource<ActivityTraceId?>();
        Probe.On("traced", (_, _) =>
        {
            seen.SetResult(Activity.Current?.TraceId);
            return Task.CompletedTask;
        });
        using var source = new ActivitySource("test");
        using var request = source.StartActivity("request").ShouldNotBeNull();

        await Queue.EnqueueAsync(new ProbeJob("traced"));

        (await seen.Task.WaitAsync(Eventually.DefaultTimeout)).ShouldBe(request.TraceId);
    }

    [Fact]
    public async Task An_error_that_ends_a_dead_job_badly_is_kept_too()
    {
        await using var worker = await StartWorkerAsync();
        Probe.On("broken", (_, _) => throw new JobFailedException("first reason"));
        Probe.OnDead = (_, _) => throw new InvalidOperationException("second reason");

        var id = await Queue.EnqueueAsync(new ProbeJob("broken"));

        var dead = await StateAsync(id, JobState.Dead);
        dead.Error.ShouldNotBeNull().ShouldContain("first reason");
        dead.Error.ShouldContain("second reason");
    }

    /// <summary>Makes the engine's store empty.</summary>
    private protected abstract Task ResetAsync();

    private protected Task<JobProcess> StartWorkerAsync(int concurrency = 4, IReadOnlyDictionary<string, string?>? settings = null) =>
        JobProcess.StartAsync(Engine, ConnectionString, Probe, concurrency, settings);

    private protected async Task<JobInfo> StateAsync(Guid id, JobState state) =>
        (await Eventually.ValueAsync(() => Queue.FindAsync(id, default), info => info?.State == state))!;

    private static void InterlockedMax(ref int target, int value)
    {
        int current;
        while (value > (current = Volatile.Read(ref target)))
        {
            if (Interlocked.CompareExchange(ref target, value, current) == current) return;
        }
    }
}
