using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs;

/// <summary>A queue that is shared between owners.</summary>
[Trait("Category", "Integration")]
public sealed class FairnessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly Probe _probe = new();
    private readonly List<JobProcess> _processes = [];

    public async Task InitializeAsync()
    {
        // The table is this test's alone.
        await using var db = postgres.CreateContext();
        await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync(db.Database, "DELETE FROM jobs");
    }

    [Fact]
    public async Task Owners_take_turns_and_nobody_waits_behind_all_jobs_of_another()
    {
        var placer = await StartAsync(perKey: null);
        var order = new List<string>();
        foreach (var name in new[] { "a1", "a2", "a3", "b1", "b2", "c1" })
        {
            _probe.On(name, (_, _) =>
            {
                lock (order) order.Add(name);
                return Task.CompletedTask;
            });
            await PlaceAsync(placer, name, name[..1]);
        }

        await StartAsync(perKey: 2, concurrency: 1);

        await Eventually.TrueAsync(() => Count(order) == 6);
        order.ShouldBe(["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    [Fact]
    public async Task Owner_has_no_more_than_its_share_in_all_workers_together()
    {
        var gate = new TaskCompletionSource();
        var (running, most) = (new Dictionary<string, int>(), 0);
        var placer = await StartAsync(perKey: null);
        for (var i = 0; i < 12; i++)
        {
            var owner = i < 10 ? "a" : "b";
            var name = $"{owner}{i}";
            _probe.On(name, async (_, token) =>
            {
                lock (running) most = Math.Max(most, running[owner] = running.GetValueOrDefault(owner) + 1);
                await gate.Task.WaitAsync(token);
                lock (running) running[owner]--;
            });
            await PlaceAsync(placer, name, owner);
        }

        for (var i = 0; i < 3; i++) await StartAsync(perKey: 2, concurrency: 4);
        await Eventually.TrueAsync(() => Total(running) == 4);
        (await placer.Queue.GetDepthAsync(ProbeJob.Queue, default)).Running.ShouldBe(4);
        gate.SetResult();

        await Eventually.ValueAsync(() => placer.Queue.GetDepthAsync(ProbeJob.Queue, default), depth => depth is { Queued: 0, Running: 0 });
        most.ShouldBe(2);
    }

    [Fact]
    public async Task Waiting_job_knows_its_place()
    {
        var placer = await StartAsync(perKey: null);
        var first = await PlaceAsync(placer, "x1", "a");
        var second = await PlaceAsync(placer, "x2", "a");
        var other = await PlaceAsync(placer, "x3", "b");
        var urgent = await placer.Queue.EnqueueAsync(new ProbeJob("x4"), new EnqueueOptions { Priority = JobPriority.High, FairnessKey = "c" });

        (await placer.Queue.GetPositionAsync(urgent, default)).ShouldBe(1);
        (await placer.Queue.GetPositionAsync(first, default)).ShouldBe(2);
        (await placer.Queue.GetPositionAsync(other, default)).ShouldBe(3);
        (await placer.Queue.GetPositionAsync(second, default)).ShouldBe(4);
        await placer.Queue.CancelAsync(first, default);
        (await placer.Queue.GetPositionAsync(first, default)).ShouldBeNull();
        (await placer.Queue.GetPositionAsync(Guid.NewGuid(), default)).ShouldBeNull();
        (await placer.Queue.GetPositionAsync(second, default)).ShouldBe(2);
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
    }

    private async Task<JobProcess> StartAsync(int? perKey, int concurrency = 0)
    {
        var process = await JobProcess.StartAsync("postgres", postgres.ConnectionString, perKey is null ? null : _probe, Math.Max(concurrency, 1), perKey: perKey);
        _processes.Add(process);
        return process;
    }

    private static Task<Guid> PlaceAsync(JobProcess process, string name, string owner) =>
        process.Queue.EnqueueAsync(new ProbeJob(name), new EnqueueOptions { FairnessKey = owner });

    private static int Count(List<string> order)
    {
        lock (order) return order.Count;
    }

    private static int Total(Dictionary<string, int> running)
    {
        lock (running) return running.Values.Sum();
    }
}
