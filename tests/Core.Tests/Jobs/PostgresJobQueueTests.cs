using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Core.Jobs;
using Platform.Core.Jobs.Postgres;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs;

/// <summary>The built-in engine: the suite of the seam, and what only it promises.</summary>
public sealed class PostgresJobQueueTests(PostgresFixture postgres) : JobQueueConformance(postgres), IClassFixture<PostgresFixture>
{
    private protected override string Engine => "postgres";

    [Fact]
    public async Task A_worker_that_lost_its_lease_is_told_and_cannot_write()
    {
        await using var worker = await StartWorkerAsync();
        var seen = new TaskCompletionSource<JobContext>();
        var let = new TaskCompletionSource();
        Probe.On("slow", async (context, token) =>
        {
            if (context.Attempt > 1) return;
            seen.SetResult(context);
            await token.WhenCancelledAsync();
            await let.Task;
        });
        var id = await Queue.EnqueueAsync(new ProbeJob("slow"));
        var context = await seen.Task.WaitAsync(Eventually.DefaultTimeout);

        // Somebody else got it: the row carries another token.
        await ExecuteAsync("UPDATE jobs SET lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour'");

        await Eventually.TrueAsync(() => context.StopReason == JobStopReason.LeaseLost);
        let.SetResult();
        await Eventually.TrueAsync(() => worker.Services.GetRequiredService<RunningJobs>().All.Count == 0);
        (await Queue.FindAsync(id, default))!.State.ShouldBe(JobState.Running);
    }

    [Fact]
    public async Task A_long_job_keeps_its_lease()
    {
        // Long enough that a machine that stands still for seconds does not take it away.
        var settings = new Dictionary<string, string?> { ["Jobs:Lease"] = "00:00:09" };
        await using var worker = await StartWorkerAsync(settings: settings);
        await using var other = await StartWorkerAsync(settings: settings);
        var until = new TaskCompletionSource();
        Probe.On("long", (_, token) => until.Task.WaitAsync(token));
        var id = await Queue.EnqueueAsync(new ProbeJob("long"));
        await StateAsync(id, JobState.Running);
        var first = await LeaseAsync(id);

        // By then the first lease is over, and both have looked for jobs whose lease is.
        await Eventually.ValueAsync(() => LeaseAsync(id), lease => lease > first + TimeSpan.FromSeconds(13));
        until.SetResult();

        (await StateAsync(id, JobState.Succeeded)).Attempt.ShouldBe(1);
        Probe.StartsOf("long").ShouldBe(1);
    }

    [Fact]
    public async Task Broken_connections_lose_nothing()
    {
        await using var worker = await StartWorkerAsync();
        var gate = new TaskCompletionSource();
        Probe.On("held", (_, token) => gate.Task.WaitAsync(token));
        var held = await Queue.EnqueueAsync(new ProbeJob("held"));
        await StateAsync(held, JobState.Running);
        var ids = new List<Guid>();

        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 10; i++) ids.Add(await EnqueueSurelyAsync($"{round}-{i}"));
            await ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        foreach (var id in ids) await Eventually.ValueAsync(() => FindSurelyAsync(id), info => info?.State == JobState.Succeeded);
        gate.SetResult();
        await Eventually.ValueAsync(() => FindSurelyAsync(held), info => info?.State == JobState.Succeeded);
        Probe.StartsOf("held").ShouldBe(1);
    }

    [Fact]
    public async Task Without_any_notification_jobs_are_found_by_looking()
    {
        await using var worker = await StartWorkerAsync();
        // As an older version or a person would write it: no NOTIFY.
        await ExecuteAsync(
            """INSERT INTO jobs (id, type, queue, payload, max_attempts) VALUES (gen_random_uuid(), 'probe', 'probes', '{"key":"quiet"}', 1)""");

        await Eventually.TrueAsync(() => Probe.StartsOf("quiet") == 1);
    }

    [Fact]
    public async Task A_cancellation_that_was_not_heard_is_seen_at_the_next_renewal()
    {
        await using var worker = await StartWorkerAsync();
        var seen = new TaskCompletionSource<JobContext>();
        Probe.On("long", (context, token) =>
        {
            seen.SetResult(context);
            return Task.Delay(Timeout.Infinite, token);
        });
        var id = await Queue.EnqueueAsync(new ProbeJob("long"));
        var context = await seen.Task.WaitAsync(Eventually.DefaultTimeout);

        await ExecuteAsync("UPDATE jobs SET cancel_requested = true");

        await StateAsync(id, JobState.Cancelled);
        context.StopReason.ShouldBe(JobStopReason.Cancelled);
    }

    [Fact]
    public async Task A_worker_leaves_jobs_it_has_no_handler_for()
    {
        var foreign = await Queue.EnqueueAsync(new ForeignJob("x"));
        await using var worker = await StartWorkerAsync();
        var own = await Queue.EnqueueAsync(new ProbeJob("own"));

        await StateAsync(own, JobState.Succeeded);

        (await Queue.FindAsync(foreign, default))!.State.ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task A_payload_of_another_version_is_dead_at_once()
    {
        await using var worker = await StartWorkerAsync();
        var id = Guid.NewGuid();
        await ExecuteAsync($"INSERT INTO jobs (id, type, queue, payload, max_attempts) VALUES ('{id}', 'probe', 'probes', '[]', 5)");

        var dead = await StateAsync(id, JobState.Dead);
        dead.Attempt.ShouldBe(1);
        dead.Error.ShouldNotBeNull().ShouldContain("cannot be read");
    }

    [Fact]
    public async Task Old_jobs_are_forgotten_and_dead_letters_kept_longer()
    {
        await ExecuteAsync(
            """
            INSERT INTO jobs (id, type, queue, payload, max_attempts, state, finished_at)
            SELECT gen_random_uuid(), 'probe', 'probes', '{}', 1, state, now() - interval '2 days'
            FROM unnest(ARRAY['succeeded', 'cancelled', 'dead']) AS state, generate_series(1, 1500)
            """);

        await using var worker = await StartWorkerAsync();

        await Eventually.ValueAsync(
            async () => Convert.ToInt32(await ScalarAsync("SELECT count(*) FROM jobs WHERE state <> 'dead'"), null), count => count == 0);
        (await ScalarAsync("SELECT count(*) FROM jobs WHERE state = 'dead'")).ShouldBe(1500L);
    }

    private protected override Task ResetAsync() => ExecuteAsync("TRUNCATE jobs, outbox_jobs");

    private async Task<Guid> EnqueueSurelyAsync(string key)
    {
        var id = Guid.NewGuid();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await Queue.EnqueueAsync(new ProbeJob(key), new EnqueueOptions { JobId = id });
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
        return id;
    }

    private async Task<JobInfo?> FindSurelyAsync(Guid id)
    {
        try
        {
            return await Queue.FindAsync(id, default);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private async Task<DateTimeOffset> LeaseAsync(Guid id) =>
        new((DateTime)(await ScalarAsync($"SELECT coalesce(lease_until, 'epoch') FROM jobs WHERE id = '{id}'"))!);

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
