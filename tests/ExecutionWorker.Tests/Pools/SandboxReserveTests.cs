using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Sandboxes;
using Platform.ExecutionWorker.Tests.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Pools;

/// <summary>The reserve with a real engine.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(SandboxCollection.Name)]
public sealed class SandboxReserveTests(SandboxFixture fixture) : IAsyncLifetime, IDisposable
{
    private readonly IOptions<ContainerOptions> _containers = Options.Create(new ContainerOptions { Platform = $"reserve-tests-{Guid.NewGuid():N}" });
    private readonly SandboxRegistry _registry = new();
    private readonly SandboxRemover _remover = new(new RunActivity(TimeProvider.System), NullLogger<SandboxRemover>.Instance);
    private WorkerIdentity? _identity;
    private SandboxFactory? _factory;
    private SandboxPool? _pool;

    [Fact]
    public async Task What_waits_in_reserve_does_not_run_and_serves_when_it_is_taken()
    {
        await _pool!.AddToReserveAsync(CancellationToken.None);
        (await ListAsync()).ShouldHaveSingleItem().Running.ShouldBeFalse();

        await using (var sandbox = await _pool.TakeAsync(CancellationToken.None))
        {
            var run = await fixture.RunInAsync(sandbox, "print(6 * 7)");
            run.Text.ShouldBe("42\n");
        }

        (await ListAsync()).ShouldBeEmpty();
        _registry.Count.ShouldBe(0);
    }

    [Fact]
    public async Task One_that_somebody_removed_is_replaced_by_a_new_one()
    {
        await _pool!.AddToReserveAsync(CancellationToken.None);
        await fixture.Engine.RemoveAsync((await ListAsync()).Single().Id, CancellationToken.None);

        await using var sandbox = await _pool.TakeAsync(CancellationToken.None);

        (await fixture.RunInAsync(sandbox, "print('new')")).Text.ShouldBe("new\n");
    }

    public Task InitializeAsync()
    {
        _identity = new WorkerIdentity(_containers);
        _factory = new SandboxFactory(fixture.Engine, new SandboxLabels(_containers, _identity), _registry, Options.Create(new ExecutionWorkerOptions()), TimeProvider.System);
        _pool = new SandboxPool(LanguageCatalog.Load("languages.yaml").Find("python")!, least: 1, reserve: 1, _factory, _remover, TimeProvider.System);
        return _remover.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _pool!.Clear();
        await _remover.StopAsync(CancellationToken.None);
        foreach (var left in await ListAsync()) await fixture.Engine.RemoveAsync(left.Id, CancellationToken.None);
    }

    public void Dispose()
    {
        _remover.Dispose();
        _factory?.Dispose();
        _identity?.Dispose();
    }

    private Task<IReadOnlyList<ContainerSummary>> ListAsync() =>
        fixture.Engine.ListAsync(new Dictionary<string, string> { [ContainerLabels.Platform] = _containers.Value.Platform }, CancellationToken.None);
}
