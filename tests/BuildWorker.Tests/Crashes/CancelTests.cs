using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>
/// A cancelled deployment is over, its container is gone and the next one has begun, within two seconds whatever it does. The limit of the waits is wider,
/// for machines that are busy with something else.
/// </summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class CancelTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // One place: the next one begins only when the cancelled one has given it up.
    protected override (string Key, string Value)[] Settings => [("Build:Concurrency", "1"), ("Build:MaxFiles", "200000")];

    [Fact]
    public async Task Build_that_ignores_every_signal()
    {
        CommitBuild("trap '' TERM INT HUP QUIT PIPE; setsid bash -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done' & echo waiting; while :; do sleep 1; done");

        await CancelAndWatchAsync(id => UntilLinesAsync(id, "waiting", 1));
    }

    [Fact]
    public async Task Build_with_a_thousand_processes()
    {
        CommitBuild("ulimit -u unlimited 2>/dev/null; for i in $(seq 1 960); do sleep 600 & done; echo waiting; wait");

        await CancelAndWatchAsync(id => UntilLinesAsync(id, "waiting", 1));
    }

    [Fact]
    public async Task Build_that_prints_without_end()
    {
        CommitBuild("echo waiting; yes 'a line of a flood'");

        await CancelAndWatchAsync(id => UntilLinesAsync(id, "waiting", 1));
    }

    [Fact]
    public async Task Checkout_from_a_server_that_does_not_answer()
    {
        await using var server = await SilentServer.StartAsync();
        await CancelAndWatchAsync(
            async id =>
            {
                await server.Asked;
                // Lines are stored in batches: the server may be asked before the line that says so is there.
                await Eventually.TrueAsync(async () => (await LinesAsync(id)).Any(line => line.StartsWith("Cloning", StringComparison.Ordinal)));
            },
            server.Url);
    }

    [Fact]
    public async Task Publication_of_many_files()
    {
        CommitBuild("mkdir dist; echo ok > dist/index.html; node -e \"const fs = require('fs'); for (let i = 0; i < 30000; i++) fs.writeFileSync('dist/' + i + '.js', String(Math.random()).repeat(100))\"");

        await CancelAndWatchAsync(id => Fixture.WaitAsync(id, row => row.Status == DeploymentStatus.Deploying));
    }

    private async Task CancelAndWatchAsync(Func<Guid, Task> untilItIsThere, string? repository = null)
    {
        var first = await Fixture.PlaceAsync(Services, repository ?? Repository.Url);
        await untilItIsThere(first);
        var second = await Fixture.PlaceAsync(Services, "sample:plain-html");
        (await Fixture.WaitAsync(second, _ => true)).StartedAt.ShouldBeNull();

        var asked = TimeProvider.System.GetTimestamp();
        (await CancelAsync(first)).ShouldBeTrue();
        var cancelled = await Fixture.WaitForEndAsync(first, Limit);
        (await HasContainersAsync()).ShouldBeFalse();
        var ended = TimeProvider.System.GetElapsedTime(asked);
        await Fixture.WaitAsync(second, row => row.StartedAt is not null, Limit);
        Console.WriteLine($"cancelled after {ended.TotalMilliseconds:0} ms, the next one begun after {TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds:0} ms");

        cancelled.Status.ShouldBe(DeploymentStatus.Cancelled);
        cancelled.CompletedAt.ShouldNotBeNull();
        cancelled.Stages.ShouldNotContain(stage => stage.Status == "in_progress");
        (await LinesAsync(first))[^1].ShouldBe("Cancelled.");
        (await Fixture.WaitForEndAsync(second)).Status.ShouldBe(DeploymentStatus.Success);
        // It stays so: nothing of the first one comes later.
        (await Fixture.WaitForEndAsync(first)).Status.ShouldBe(DeploymentStatus.Cancelled);
        (await LinesAsync(first))[^1].ShouldBe("Cancelled.");
        await ShouldLeaveNothingAsync();
    }
}
