using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>The engine is killed or stopped in the middle of a build. It is one of the test's own.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Trait("Requires", "Root")]
public sealed class EngineRestartTests(BuildEngineFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildEngineFixture>
{
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Build_starts_again_when_the_engine_is_back(bool killed)
    {
        Commit("echo waiting; sleep 600");
        var id = await PlaceAsync();
        await UntilLinesAsync(id, "waiting", 1);
        Commit("mkdir dist; echo done > dist/index.html");

        if (killed) await fixture.Engine.KillAsync();
        else await fixture.Engine.StopAsync();
        await fixture.Engine.StartAsync();
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        var log = await Fixture.ReadLogAsync(id);
        log.Select(line => line.Seq).ShouldBe(Enumerable.Range(1, log.Count).Select(number => (long)number));
        log.ShouldContain(line => line.Message.Contains("The container engine cannot be reached", StringComparison.Ordinal));
        log[^1].Message.ShouldStartWith("Deployment successful");
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Build_fails_with_the_reason_when_the_engine_stays_away_and_is_cleared_away_when_it_returns()
    {
        Commit("echo waiting; sleep 600");
        var id = await PlaceAsync();
        await UntilLinesAsync(id, "waiting", 1);

        await fixture.Engine.KillAsync();
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);
        await fixture.Engine.StartAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Failed);
        deployment.ErrorCode.ShouldBe(FailureCode.Internal);
        deployment.ErrorMessage.ShouldBe("The container engine cannot be reached.");
        (await LinesAsync(id))[^1].ShouldContain(FailureCode.Internal);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Build_is_cancelled_while_the_engine_is_away()
    {
        Commit("echo waiting; sleep 600");
        var id = await PlaceAsync();
        await UntilLinesAsync(id, "waiting", 1);
        await fixture.Engine.KillAsync();

        (await CancelAsync(id)).ShouldBeTrue();
        var deployment = await Fixture.WaitForEndAsync(id, Recovery);
        await fixture.Engine.StartAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Cancelled);
        await NothingIsLeftAsync();
    }

    private void Commit(string command)
    {
        Repository.Write("build.sh", command);
        Repository.Commit("Build");
    }

    private Task<Guid> PlaceAsync() => Fixture.PlaceAsync(Services, Repository.Url, configure: row => row.BuildCommand = "bash build.sh");

    private async Task NothingIsLeftAsync()
    {
        await ShouldLeaveNothingAsync();
        (await fixture.Engine.ContainersAsync()).ShouldBeEmpty();
        (await fixture.Engine.NetworksAsync()).ShouldBeEmpty();
    }
}

/// <summary>Builds on an engine of their own. Any image with a shell does: nothing is installed.</summary>
public sealed class BuildEngineFixture : BuildWorkerFixture
{
    private const string Image = "autostack/sandbox-python";
    private PrivateEngine? _engine;

    public PrivateEngine Engine => _engine ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _engine = await PrivateEngine.StartAsync(Image);
    }

    public override Dictionary<string, string?> Settings(params (string Key, string Value)[] more) => base.Settings([
        ("Containers:Endpoint", Engine.Endpoint), ("Containers:ReapInterval", "00:00:01"), ("Build:Image", $"{Image}:latest"), .. more,
    ]);

    public override async Task DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        await base.DisposeAsync();
    }
}
