using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Core.Jobs;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;
using Platform.Testing;

namespace Platform.Core.Tests.Jobs.Hangfire;

/// <summary>Hangfire as the engine.</summary>
public sealed class HangfireJobQueueTests(PostgresFixture postgres) : JobQueueConformance(postgres), IClassFixture<PostgresFixture>
{
    private protected override string Engine => "hangfire";

    [Fact]
    public async Task A_job_that_never_reached_hangfire_is_delivered_later()
    {
        var id = Guid.NewGuid();
        // The row is written, and the process died before it told Hangfire.
        await Producer.Services.GetRequiredService<PostgresJobQueue>().PlaceAsync(
            PlacedJob.From(new ProbeJob("forgotten"), new EnqueueOptions { JobId = id }), default);

        await using var worker = await StartWorkerAsync();

        await StateAsync(id, JobState.Succeeded);
        Probe.StartsOf("forgotten").ShouldBe(1);
    }

    private protected override async Task ResetAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("DROP SCHEMA IF EXISTS hangfire CASCADE; TRUNCATE jobs, outbox_jobs");
        await command.ExecuteNonQueryAsync();
    }
}
