using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

public sealed class LeakDetectorTests : IDisposable
{
    private readonly IOptions<ContainerOptions> _containers = Options.Create(new ContainerOptions { Platform = "execution-leak-tests" });
    private readonly IContainerEngine _engine = Substitute.For<IContainerEngine>();
    private readonly SandboxRegistry _registry = new();
    private readonly WorkerIdentity _identity;
    private readonly LeakDetector _detector;

    public LeakDetectorTests()
    {
        _identity = new WorkerIdentity(_containers);
        _detector = new LeakDetector(
            _engine, _registry, _containers, Options.Create(new ExecutionWorkerOptions()), _identity, TimeProvider.System, NullLogger<LeakDetector>.Instance);
    }

    [Fact]
    public async Task What_is_unknown_twice_in_a_row_is_removed_and_the_rest_stays()
    {
        _registry.Add("known");
        Engine("known", "unknown", "new");
        (await _detector.LookAsync(CancellationToken.None)).ShouldBe(0);
        _registry.Add("new");

        (await _detector.LookAsync(CancellationToken.None)).ShouldBe(1);

        await _engine.Received(1).RemoveAsync("unknown", Arg.Any<CancellationToken>());
        await _engine.DidNotReceive().RemoveAsync(Arg.Is<string>(id => id != "unknown"), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Only_sandboxes_of_this_worker_are_looked_at()
    {
        Engine();
        await _detector.LookAsync(CancellationToken.None);

        await _engine.Received(1).ListAsync(
            Arg.Is<IReadOnlyDictionary<string, string>>(labels => labels[ContainerLabels.Worker] == _identity.Name && labels[ContainerLabels.Kind] == "sandbox"),
            Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task One_that_cannot_be_removed_is_tried_again_and_keeps_no_other()
    {
        Engine("stuck", "loose");
        _engine.RemoveAsync("stuck", Arg.Any<CancellationToken>()).ThrowsAsync(new ContainerEngineException(ContainerEngineError.Failed, "busy"));
        await _detector.LookAsync(CancellationToken.None);

        (await _detector.LookAsync(CancellationToken.None)).ShouldBe(2);
        Engine("stuck");
        (await _detector.LookAsync(CancellationToken.None)).ShouldBe(1);

        await _engine.Received(1).RemoveAsync("loose", Arg.Any<CancellationToken>());
        await _engine.Received(2).RemoveAsync("stuck", Arg.Any<CancellationToken>());
    }

    public void Dispose()
    {
        _detector.Dispose();
        _identity.Dispose();
    }

    private void Engine(params string[] ids) => _engine.ListAsync(null!, CancellationToken.None).ReturnsForAnyArgs(
        [.. ids.Select(id => new ContainerSummary(id, "image", true, DateTimeOffset.UnixEpoch, new Dictionary<string, string>()))]);
}
