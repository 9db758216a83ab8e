using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data;
using Platform.Core.Jobs;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Outbox;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs;

/// <summary>Jobs that are decided in a transaction.</summary>
[Trait("Category", "Integration")]
public sealed class OutboxTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Probe _probe = new();

    private string ConnectionString => postgres.ConnectionString;

    public async Task InitializeAsync()
    {
        await using var context = postgres.CreateContext();
        await context.Database.ExecuteSqlRawAsync("TRUNCATE jobs, outbox_jobs");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_committed_row_becomes_a_job_without_anybody_asking()
    {
        await using var process = await JobProcess.StartAsync("postgres", ConnectionString, _probe);
        var id = await DecideAsync(process, "a", commit: true);

        await StateAsync(process, id, JobState.Succeeded);
        _probe.Started.ShouldBe(["a"]);
        // The job is placed first: a relay that dies in between places it again, which changes nothing.
        await Eventually.TrueAsync(async () => await OutboxCountAsync() == 0);
    }

    [Fact]
    public async Task A_rolled_back_row_is_no_job()
    {
        await using var process = await JobProcess.StartAsync("postgres", ConnectionString, _probe);
        var never = await DecideAsync(process, "never", commit: false);
        var other = await DecideAsync(process, "other", commit: true);

        await StateAsync(process, other, JobState.Succeeded);

        (await process.Queue.FindAsync(never, default)).ShouldBeNull();
        _probe.Started.ShouldBe(["other"]);
    }

    [Fact]
    public async Task A_process_that_dies_after_the_commit_leaves_the_relay_to_another_one()
    {
        Guid id;
        await using (var dies = await JobProcess.StartAsync("postgres", ConnectionString, start: false))
        {
            id = await DecideAsync(dies, "a", commit: true);
        }

        (await OutboxCountAsync()).ShouldBe(1);
        await using var process = await JobProcess.StartAsync("postgres", ConnectionString, _probe);

        await StateAsync(process, id, JobState.Succeeded);
        _probe.Started.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_crash_between_the_engine_and_the_row_runs_the_job_once()
    {
        await using var dies = await JobProcess.StartAsync("postgres", ConnectionString, start: false);
        var id = await DecideAsync(dies, "a", commit: true);
        // What the relay does first; then it died, and its transaction with it.
        await dies.Services.GetRequiredService<IJobStore>().PlaceAsync(
            PlacedJob.From(new ProbeJob("a"), new EnqueueOptions { JobId = id }), default);

        await using var process = await JobProcess.StartAsync("postgres", ConnectionString, _probe);
        await StateAsync(process, id, JobState.Succeeded);
        await Eventually.ValueAsync(OutboxCountAsync, count => count == 0);

        _probe.StartsOf("a").ShouldBe(1);
    }

    [Fact]
    public async Task Several_relays_move_every_row_once()
    {
        await using var idle = await JobProcess.StartAsync("postgres", ConnectionString, start: false);
        for (var i = 0; i < 150; i++) await DecideAsync(idle, $"{i}", commit: true);
        await using var worker = await JobProcess.StartAsync("postgres", ConnectionString, _probe);
        await using var other = await JobProcess.StartAsync("postgres", ConnectionString);

        await Eventually.TrueAsync(() => _probe.Started.Count >= 150);

        await Eventually.ValueAsync(OutboxCountAsync, count => count == 0);
        _probe.Started.Count.ShouldBe(150);
        _probe.Started.Distinct().Count().ShouldBe(150);
    }

    [Fact]
    public async Task Options_and_trace_travel_with_the_row()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "outbox-test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("outbox-test");
        await using var idle = await JobProcess.StartAsync("postgres", ConnectionString, start: false);
        var id = Guid.NewGuid();
        string? trace;
        using (var request = source.StartActivity("request").ShouldNotBeNull())
        {
            trace = request.Id;
            await DecideAsync(idle, "a", commit: true, new EnqueueOptions
            {
                JobId = id,
                MaxAttempts = 7,
                Priority = JobPriority.High,
                Delay = TimeSpan.FromHours(1),
            });
        }

        await idle.Services.GetRequiredService<OutboxRelay>().RelayAsync(default);

        var info = (await idle.Queue.FindAsync(id, default)).ShouldNotBeNull();
        info.State.ShouldBe(JobState.Queued);
        info.MaxAttempts.ShouldBe(7);
        await using var context = postgres.CreateContext();
        var row = await context.Database.SqlQuery<StoredJob>(
            $"""
            SELECT priority AS "Priority", trace_parent AS "TraceParent", run_at > now() + interval '50 minutes' AS "IsLate" FROM jobs
            """).SingleAsync();
        row.ShouldBe(new StoredJob(1, trace, true));
    }

    [Fact]
    public async Task A_relay_that_cannot_reach_the_database_is_no_error_for_the_caller()
    {
        await using var process = await JobProcess.StartAsync(
            "postgres", "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=1", start: false);
        await using var scope = process.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IJobOutbox>().RelayAsync(default);
    }

    private static async Task<Guid> DecideAsync(JobProcess process, string key, bool commit, EnqueueOptions? options = null)
    {
        await using var scope = process.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        await using var transaction = await context.Database.BeginTransactionAsync();
        var id = scope.ServiceProvider.GetRequiredService<IJobOutbox>().Add(new ProbeJob(key), options);
        await context.SaveChangesAsync();
        if (commit) await transaction.CommitAsync();
        else await transaction.RollbackAsync();
        return id;
    }

    private static async Task StateAsync(JobProcess process, Guid id, JobState state) =>
        await Eventually.ValueAsync(() => process.Queue.FindAsync(id, default), info => info?.State == state);

    private async Task<int> OutboxCountAsync()
    {
        await using var context = postgres.CreateContext();
        return await context.OutboxJobs.CountAsync();
    }

    private sealed record StoredJob(short Priority, string? TraceParent, bool IsLate);
}
