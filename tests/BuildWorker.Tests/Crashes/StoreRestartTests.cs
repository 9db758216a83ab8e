using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>PostgreSQL and Redis die in the middle of a build and come back.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class StoreRestartTests(PrivateStoresFixture fixture) : BuildTestBase(fixture), IClassFixture<PrivateStoresFixture>
{
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(3);

    protected override (string Key, string Value)[] Settings => [("Build:Concurrency", "1")];

    [Fact]
    public async Task Build_outlives_the_death_of_the_database()
    {
        CommitBuild("for i in $(seq 1 80); do echo line $i; sleep 0.1; done; mkdir dist; echo ok > dist/index.html");
        var id = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLinesAsync(id, "line 5", 1);

        await fixture.Stores.KillPostgresAsync();
        await fixture.Stores.StartAgainAsync();
        await UntilLinesAsync(id, "line 80", 1);
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        await ShouldBeCompleteAsync(id, 80);
    }

    [Fact]
    public async Task Build_is_ended_while_the_database_is_away()
    {
        CommitBuild("for i in $(seq 1 20); do echo line $i; sleep 0.05; done; mkdir dist; echo ok > dist/index.html");
        var id = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLinesAsync(id, "line 2", 1);

        // Its commands end, and there is nobody to be told.
        await fixture.Stores.KillPostgresAsync();
        await Eventually.TrueAsync(async () => !await HasContainersAsync());
        await fixture.Stores.StartAgainAsync();
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var log = await Fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        log[^1].Message.ShouldStartWith("Deployment successful");
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Build_outlives_the_death_of_redis()
    {
        CommitBuild("for i in $(seq 1 60); do echo line $i; sleep 0.1; done; mkdir dist; echo ok > dist/index.html");
        var id = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLinesAsync(id, "line 5", 1);

        await fixture.Stores.KillRedisAsync();
        await UntilLinesAsync(id, "line 20", 1);
        await fixture.Stores.StartAgainAsync();
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        await ShouldBeCompleteAsync(id, 60);
    }

    private async Task ShouldBeCompleteAsync(Guid id, int lines)
    {
        var log = await Fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        log.Select(line => line.Message).Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(1, lines).Select(number => $"line {number}"));
        await ShouldLeaveNothingAsync();
    }
}

/// <summary>Builds with stores that a test may kill.</summary>
public sealed class PrivateStoresFixture : BuildWorkerFixture
{
    private PrivateStores? _stores;

    public PrivateStores Stores => _stores ?? throw new InvalidOperationException("The fixture has not been initialised.");

    protected override string Postgres => Stores.Postgres;

    protected override string Redis => Stores.Redis;

    public override async Task InitializeAsync() => _stores = await PrivateStores.StartAsync();

    public override async Task DisposeAsync()
    {
        await Stores.DisposeAsync();
        await base.DisposeAsync();
    }
}
