using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Platform.Core.Containers;
using Platform.Testing;

namespace Platform.Core.Tests.Containers;

public sealed class ContainerReaperTests : IDisposable
{
    private readonly ContainerOptions _options = new()
    {
        Platform = "reaped",
        ReapInterval = TimeSpan.FromMilliseconds(20),
        LockDirectory = Path.Combine(Path.GetTempPath(), $"reaper-{Guid.NewGuid():N}"),
    };

    private readonly WorkerIdentity _identity;
    private readonly IContainerEngine _engine = Substitute.For<IContainerEngine>();
    private readonly IContainerOwnership _ownership = Substitute.For<IContainerOwnership>();

    public ContainerReaperTests()
    {
        _identity = new WorkerIdentity(_options, "reaper");
        Containers();
        Networks();
        _ownership.IsOrphanAsync(Arg.Is<IReadOnlyDictionary<string, string>>(labels => labels[ContainerLabels.Worker] == "dead"), Arg.Any<CancellationToken>()).Returns(true);
    }

    public void Dispose()
    {
        _identity.Dispose();
        Directory.Delete(_options.LockDirectory!, recursive: true);
    }

    [Fact]
    public async Task The_lock_of_a_living_process_stays_young()
    {
        var file = Directory.GetFiles(_options.LockDirectory!, "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        var longAgo = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, longAgo);
        var reaper = Reaper();

        await reaper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => File.GetLastWriteTimeUtc(file) > longAgo);
        await reaper.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Only_orphans_are_removed()
    {
        Containers(("c1", "dead"), ("c2", "alive"));
        Networks(("n1", "alive"), ("n2", "dead"));

        (await Reaper().ReapAsync(CancellationToken.None)).ShouldBe(2);

        await _engine.Received(1).RemoveAsync("c1", Arg.Any<CancellationToken>());
        await _engine.Received(1).RemoveNetworkAsync("n2", Arg.Any<CancellationToken>());
        await _engine.DidNotReceive().RemoveAsync("c2", Arg.Any<CancellationToken>());
        await _engine.DidNotReceive().RemoveNetworkAsync("n1", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Only_what_carries_the_platforms_label_is_looked_at()
    {
        await Reaper().ReapAsync(CancellationToken.None);

        await _engine.Received(1).ListAsync(
            Arg.Is<IReadOnlyDictionary<string, string>>(labels => labels.Count == 1 && labels[ContainerLabels.Platform] == "reaped"),
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task One_that_cannot_be_removed_does_not_keep_the_others()
    {
        Containers(("c1", "dead"), ("c2", "dead"));
        _engine.RemoveAsync("c1", Arg.Any<CancellationToken>()).ThrowsAsync(new ContainerEngineException(ContainerEngineError.Failed, "busy"));

        (await Reaper().ReapAsync(CancellationToken.None)).ShouldBe(1);

        await _engine.Received(1).RemoveAsync("c2", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_round_without_an_engine_is_followed_by_the_next()
    {
        var rounds = 0;
        _engine.ListAsync(Arg.Any<IReadOnlyDictionary<string, string>>(), Arg.Any<CancellationToken>()).ReturnsForAnyArgs<IReadOnlyList<ContainerSummary>>(_ =>
            Interlocked.Increment(ref rounds) == 1 ? throw new ContainerEngineException(ContainerEngineError.Unavailable, "away") : []);
        var reaper = Reaper();

        await reaper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => Volatile.Read(ref rounds) >= 2);
        await reaper.StopAsync(CancellationToken.None);
    }

    private ContainerReaper Reaper() => new(
        _engine,
        _ownership,
        _identity,
        Options.Create(_options),
        TimeProvider.System,
        NullLogger<ContainerReaper>.Instance);

    private void Containers(params (string Id, string Worker)[] containers) => _engine
        .ListAsync(Arg.Any<IReadOnlyDictionary<string, string>>(), Arg.Any<CancellationToken>())
        .Returns([.. containers.Select(item => new ContainerSummary(item.Id, "image", true, default, Labels(item.Worker)))]);

    private void Networks(params (string Id, string Worker)[] networks) => _engine
        .ListNetworksAsync(Arg.Any<IReadOnlyDictionary<string, string>>(), Arg.Any<CancellationToken>())
        .Returns([.. networks.Select(item => new NetworkSummary(item.Id, item.Id, default, Labels(item.Worker)))]);

    private static Dictionary<string, string> Labels(string worker) => new() { [ContainerLabels.Platform] = "reaped", [ContainerLabels.Worker] = worker };
}
