using Microsoft.Extensions.DependencyInjection;
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
