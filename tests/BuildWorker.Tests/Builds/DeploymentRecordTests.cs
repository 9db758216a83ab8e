using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

[Trait("Category", "Integration")]
public sealed class DeploymentRecordTests(BuildWorkerFixture fixture) : IClassFixture<BuildWorkerFixture>
{
    [Fact]
    public async Task A_success_waits_for_whoever_holds_the_project_without_holding_the_deployment()
    {
        await using var app = fixture.Build([], serve: true);
        var id = await fixture.PlaceAsync(app.Services, "sample:plain-html", configure: row => row.Status = DeploymentStatus.Deploying);
        var record = app.Services.GetRequiredService<DeploymentRecord>();
        var request = (await record.LoadAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var source = app.Services.GetRequiredService<NpgsqlDataSource>();
        // A push does so: first the project, then a deployment of it.
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await ExecuteAsync(connection, "SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE", id);

        var succeeding = record.SucceedAsync(request with { StartedAt = TimeProvider.System.GetUtcNow() }, new SiteManifest(new Dictionary<string, SiteFile>(), false), CancellationToken.None);
        await Eventually.TrueAsync(async () => await CountWaitingAsync(source) == 1);
        await ExecuteAsync(connection, "UPDATE deployments SET pull_request = 7 WHERE id = $1", id);
        await transaction.CommitAsync(CancellationToken.None);

        (await succeeding).ShouldBeTrue();
        await using var database = fixture.CreateContext();
        var row = (await database.Deployments.FindAsync([id], CancellationToken.None)).ShouldNotBeNull();
        (row.Status, row.PullRequest).ShouldBe((DeploymentStatus.Success, 7));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_no_worker_is_at_ends_with_a_word_in_its_log(bool cancelled)
    {
        await using var app = fixture.Build([], serve: true);
        var id = await fixture.PlaceAsync(
            app.Services, "sample:plain-html", variables: new Dictionary<string, string> { ["KEY"] = "worker stopped" },
            configure: row => (row.Status, row.CreatedAt) = (cancelled ? DeploymentStatus.Queued : DeploymentStatus.Building, TimeProvider.System.GetUtcNow().AddMinutes(-1)));
        if (cancelled) await fixture.CancelAsync(app.Services, id);
        else await ForgetJobAsync(id);
        var sweep = app.Services.GetServices<IHostedService>().OfType<AbandonedDeployments>().Single();

        await sweep.SweepAsync(CancellationToken.None);
        await sweep.SweepAsync(CancellationToken.None);

        (await fixture.WaitForEndAsync(id)).Status.ShouldBe(cancelled ? DeploymentStatus.Cancelled : DeploymentStatus.Failed);
        var line = (await fixture.ReadLogAsync(id)).ShouldHaveSingleItem();
        (line.Seq, line.LogLevel).ShouldBe((1, cancelled ? "warning" : "error"));
        line.Message.ShouldBe(cancelled ? "Cancelled while no worker was at it." : "The •••••• during the build. Deployment failed (WORKER_LOST).");
    }

    private async Task ForgetJobAsync(Guid id)
    {
        await using var database = fixture.CreateContext();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.JobId, Guid.NewGuid()));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, Guid id)
    {
#pragma warning disable CA2100 // Constants of this test.
        await using var command = new NpgsqlCommand(statement, connection) { Parameters = { new NpgsqlParameter { Value = id } } };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountWaitingAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
