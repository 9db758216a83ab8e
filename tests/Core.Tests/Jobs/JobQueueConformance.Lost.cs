using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Core.Jobs;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Tests.Jobs;

/// <summary>Jobs whose worker is gone.</summary>
public abstract partial class JobQueueConformance
{
    [Fact]
    public async Task A_job_of_a_dead_worker_is_run_by_another_one()
    {
        await using var dead = await JobProcess.StartAsync(Engine, ConnectionString, Probe, start: false);
        var id = await Queue.EnqueueAsync(new ProbeJob("a"));
        // Claimed and never heard of again, as by a process that was killed.
        (await ClaimAsync(dead)).Id.ShouldBe(id);

        await using var worker = await StartWorkerAsync();

        var info = await StateAsync(id, JobState.Succeeded);
        info.Attempt.ShouldBe(2);
        Probe.StartsOf("a").ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_killed_its_last_worker_is_ended_as_dead()
    {
        await using var dead = await JobProcess.StartAsync(Engine, ConnectionString, Probe, start: false);
        var id = await Queue.EnqueueAsync(new ProbeJob("poison"), new EnqueueOptions { MaxAttempts = 1 });
        await ClaimAsync(dead);

        await using var worker = await StartWorkerAsync();

        (await StateAsync(id, JobState.Dead)).Error.ShouldBe(JobError.WorkerLost);
        Probe.StartsOf("poison").ShouldBe(0);
        Probe.Buried.ShouldHaveSingleItem().ShouldBe(("poison", JobError.WorkerLost));
    }

    [Fact]
    public async Task A_job_of_a_dead_worker_that_was_cancelled_is_not_run_again()
    {
        await using var dead = await JobProcess.StartAsync(Engine, ConnectionString, Probe, start: false);
        var id = await Queue.EnqueueAsync(new ProbeJob("a"));
        await ClaimAsync(dead);
        (await Queue.CancelAsync(id, default)).ShouldBeTrue();

        await using var worker = await StartWorkerAsync();

        await StateAsync(id, JobState.Cancelled);
        Probe.StartsOf("a").ShouldBe(0);
    }

    /// <summary>A claim that was never renewed nor ended, as of a process that was killed a while ago.</summary>
    private async Task<ClaimedJob> ClaimAsync(JobProcess process)
    {
        var store = process.Services.GetRequiredService<PostgresJobStore>();
        var claimed = (await store.ClaimAsync(ProbeJob.Queue, [ProbeJob.Type], 1, default)).ShouldHaveSingleItem();
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("UPDATE jobs SET lease_until = now() - interval '1 second'");
        await command.ExecuteNonQueryAsync();
        return claimed;
    }
}
