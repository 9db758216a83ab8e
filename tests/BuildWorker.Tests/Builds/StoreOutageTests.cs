using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>The stores go away in the middle of a build and come back.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class StoreOutageTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(3);

    protected override (string Key, string Value)[] Settings => [("Build:Concurrency", "1")];

    [Fact]
    public async Task Build_goes_on_when_the_database_cuts_all_connections()
    {
        CommitBuild("for i in $(seq 1 60); do echo line $i; sleep 0.1; done; mkdir dist; echo ok > dist/index.html");
        var id = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLineAsync(id, "line 5");
        for (var time = 0; time < 3; time++)
        {
            await using var db = Fixture.CreateContext();
            await db.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
            await UntilLineAsync(id, $"line {20 + (time * 10)}");
        }

        var deployment = await Fixture.WaitForEndAsync(id, Recovery);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var log = await Fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        log.Select(line => line.Message).Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(1, 60).Select(number => $"line {number}"));
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Cancelled_build_leaves_nothing_and_the_next_one_starts()
    {
        CommitBuild("echo waiting; sleep 600");
        var first = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLineAsync(first, "waiting");
        CommitBuild("mkdir dist; echo ok > dist/index.html");
        var second = await Fixture.PlaceAsync(Services, Repository.Url);
        var jobs = Services.GetRequiredService<IJobQueue>();
        await using (var db = Fixture.CreateContext())
        {
            var rows = await db.Deployments.AsNoTracking().Where(row => row.Id == first || row.Id == second).ToDictionaryAsync(row => row.Id, row => row.JobId!.Value);
            // One at a time: the second waits, and is told its place.
            (await jobs.GetPositionAsync(rows[second], CancellationToken.None)).ShouldBe(1);
            (await jobs.GetPositionAsync(rows[first], CancellationToken.None)).ShouldBeNull();
            (await jobs.CancelAsync(rows[first], CancellationToken.None)).ShouldBeTrue();
        }

        (await Fixture.WaitForEndAsync(first, Recovery)).Status.ShouldBe(DeploymentStatus.Cancelled);
        (await Fixture.ReadLogAsync(first))[^1].Message.ShouldBe("Cancelled.");
        (await Fixture.WaitForEndAsync(second, Recovery)).Status.ShouldBe(DeploymentStatus.Success);
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_goes_on_without_the_live_bus()
    {
        // A Redis that is not there at all: lines are stored, announcements are lost, the end is written.
        await RestartAsync(("ConnectionStrings:redis", "127.0.0.1:1,abortConnect=false,connectTimeout=200,syncTimeout=200"));
        CommitBuild("for i in $(seq 1 30); do echo line $i; done; mkdir dist; echo ok > dist/index.html");

        var deployment = await BuildAsync(timeout: TimeSpan.FromMinutes(2));

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        (await LinesAsync(deployment.Id)).Count(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(30);
    }

    private Task UntilLineAsync(Guid id, string line) =>
        Eventually.TrueAsync(async () => (await LinesSafelyAsync(id)).Contains(line), TimeSpan.FromMinutes(2));

    /// <summary>The test's own connection may be among those that were cut.</summary>
    private async Task<List<string>> LinesSafelyAsync(Guid id)
    {
        try
        {
            return await LinesAsync(id);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException)
        {
            return [];
        }
    }
}
