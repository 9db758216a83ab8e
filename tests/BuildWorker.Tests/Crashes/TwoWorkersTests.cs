using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Crashes;

/// <summary>Two workers of one machine: what the living one holds is not touched, what a dead one has left goes.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class TwoWorkersTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private static readonly (string Key, string Value)[] Eager = [("Containers:ReapInterval", "00:00:01")];

    // The first worker must not remove what the test is still making.
    protected override (string Key, string Value)[] Settings => [("Containers:ReapInterval", "01:00:00")];

    [Fact]
    public async Task Only_what_the_dead_have_left_is_removed()
    {
        CommitBuild("echo waiting; while [ ! -e go ]; do sleep 0.1; done; mkdir dist; echo ok > dist/index.html");
        var id = await Fixture.PlaceAsync(Services, Repository.Url);
        await UntilLinesAsync(id, "waiting", 1);
        var living = Services.GetRequiredService<WorkerIdentity>().Name;
        var engine = Services.GetRequiredService<IContainerEngine>();
        var network = await MakeNetworkAsync(engine, living);
        var directory = Fixture.WorkDirectories().ShouldHaveSingleItem();
        // The deployment of a directory may have been deleted while its worker lives, or while it was dead.
        var (held, left) = (MakeDirectory(living), MakeDirectory(Dead(living)));
        var orphans = new[] { await MakeContainerAsync(engine, Dead(living)), await MakeNetworkAsync(engine, Dead(living)) };
        var cache = MakeCache();

        await using (var other = await Fixture.StartWorkerAsync(Eager))
        {
            var sweep = other.Services.GetServices<IHostedService>().OfType<AbandonedDeployments>().Single();
            await sweep.SweepAsync(CancellationToken.None);
            await Eventually.TrueAsync(() => !Directory.Exists(left) && !Directory.Exists(cache));
            await Eventually.TrueAsync(async () => !(await ListAsync(engine)).Intersect(orphans).Any());
            // Whoever removes a second one has looked at everything again.
            var second = await MakeNetworkAsync(engine, Dead(living));
            await Eventually.TrueAsync(async () => !(await ListAsync(engine)).Contains(second));
            await sweep.SweepAsync(CancellationToken.None);
            Directory.Exists(directory).ShouldBeTrue();
            Directory.Exists(held).ShouldBeTrue();
            (await ListAsync(engine)).ShouldContain(network);
            await other.StopAsync(CancellationToken.None);
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "box", "app", "go"), "");
        (await Fixture.WaitForEndAsync(id)).Status.ShouldBe(DeploymentStatus.Success);
        await engine.RemoveNetworkAsync(network, CancellationToken.None);
        Directory.Delete(held, recursive: true);
        await ShouldLeaveNothingAsync();
    }

    // A place that no process holds: everybody knows that its last one has ended.
    private static string Dead(string living) => string.Join('/', living.Split('/')[..2]) + "/900/before";

    private Dictionary<string, string> Labels(string worker) => new()
    {
        [ContainerLabels.Platform] = Fixture.Label,
        [ContainerLabels.Kind] = BuildContainer.Kind,
        [ContainerLabels.Worker] = worker,
    };

    private Task<string> MakeNetworkAsync(IContainerEngine engine, string worker) => engine.CreateNetworkAsync(
        new NetworkSpec { Name = $"crash-{Guid.NewGuid():N}", Labels = Labels(worker), Internal = true }, CancellationToken.None);

    private async Task<string> MakeContainerAsync(IContainerEngine engine, string worker)
    {
        var id = await engine.CreateAsync(
            new ContainerSpec { Image = "autostack/build-node:latest", Entrypoint = [], Command = ["sleep", "600"], Labels = Labels(worker) }, CancellationToken.None);
        await engine.StartAsync(id, CancellationToken.None);
        // Frozen by a watch that did not live to let it go on.
        await engine.PauseAsync(id, CancellationToken.None);
        return id;
    }

    private string MakeDirectory(string worker)
    {
        var work = Path.GetDirectoryName(Fixture.WorkDirectories().First())!;
        var directory = Directory.CreateDirectory(Path.Combine(work, $"{Guid.NewGuid():N}.{Guid.NewGuid():N}")).FullName;
        File.WriteAllText(Path.Combine(directory, "owner"), worker);
        return directory;
    }

    private string MakeCache()
    {
        var work = Path.GetDirectoryName(Fixture.WorkDirectories().First())!;
        return Directory.CreateDirectory(Path.Combine(work + "-cache", Guid.NewGuid().ToString("N"), "production", "store")).Parent!.Parent!.FullName;
    }

    private async Task<List<string>> ListAsync(IContainerEngine engine)
    {
        var mine = new Dictionary<string, string> { [ContainerLabels.Platform] = Fixture.Label };
        var containers = await engine.ListAsync(mine, CancellationToken.None);
        var networks = await engine.ListNetworksAsync(mine, CancellationToken.None);
        return [.. containers.Select(container => container.Id), .. networks.Select(network => network.Id)];
    }
}
