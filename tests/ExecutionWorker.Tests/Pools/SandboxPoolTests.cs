using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Sandboxes;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Pools;

public sealed class SandboxPoolTests : IAsyncLifetime, IDisposable
{
    private readonly IOptions<ContainerOptions> _containers = Options.Create(new ContainerOptions { Platform = "execution-pool-tests" });
    private readonly IContainerEngine _engine = Substitute.For<IContainerEngine>();
    private readonly Dictionary<string, QuietStream> _streams = [];
    private readonly SandboxRegistry _registry = new();
    private readonly WorkerIdentity _identity;
    private readonly SandboxFactory _factory;
    private readonly SandboxRemover _remover;
    private readonly SandboxPool _pool;

    public SandboxPoolTests()
    {
        _identity = new WorkerIdentity(_containers);
        _factory = new SandboxFactory(_engine, new SandboxLabels(_containers, _identity), _registry, Options.Create(new ExecutionWorkerOptions()), TimeProvider.System);
        _remover = new SandboxRemover(new RunActivity(TimeProvider.System), NullLogger<SandboxRemover>.Instance);
        _pool = new SandboxPool(LanguageCatalog.Load("languages.yaml").Find("python")!, least: 1, reserve: 2, _factory, _remover, TimeProvider.System);
        var made = 0;
        _engine.CreateAsync(null!, CancellationToken.None).ReturnsForAnyArgs(_ => $"sandbox-{++made}");
        _engine.AttachAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call => _streams[call.Arg<string>()] = new QuietStream());
        _engine.StartAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            _streams[call.Arg<string>()].BecomeReady();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_run_that_finds_nothing_started_waits_for_the_start_of_one_that_is_made_already()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        _pool.Reserve.ShouldBe(1);
        _pool.Ready.ShouldBe(0);
        await _engine.DidNotReceiveWithAnyArgs().StartAsync(null!, CancellationToken.None);

        var sandbox = await _pool.TakeAsync(CancellationToken.None);

        sandbox.ContainerId.ShouldBe("sandbox-1");
        await _engine.Received(1).StartAsync("sandbox-1", Arg.Any<CancellationToken>());
        await _engine.ReceivedWithAnyArgs(1).CreateAsync(null!, CancellationToken.None);
        _pool.Reserve.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_started_comes_first_then_the_reserve_then_a_new_one()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        await _pool.AddAsync(CancellationToken.None);

        var taken = new List<string>();
        for (var i = 0; i < 3; i++) taken.Add((await _pool.TakeAsync(CancellationToken.None)).ContainerId);

        taken.ShouldBe(["sandbox-2", "sandbox-1", "sandbox-3"]);
    }

    [Fact]
    public async Task Of_two_at_once_each_gets_one_of_its_own()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);

        var taken = await Task.WhenAll(_pool.TakeAsync(CancellationToken.None), _pool.TakeAsync(CancellationToken.None));

        taken.Select(sandbox => sandbox.ContainerId).ShouldBe(["sandbox-1", "sandbox-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task One_that_lost_its_engine_while_it_waited_is_removed_and_not_used()
    {
        _engine.AttachAsync("sandbox-1", Arg.Any<CancellationToken>()).Returns(QuietStream.Broken());
        await _pool.AddToReserveAsync(CancellationToken.None);
        await _pool.AddToReserveAsync(CancellationToken.None);

        (await _pool.TakeAsync(CancellationToken.None)).ContainerId.ShouldBe("sandbox-2");

        await Eventually.TrueAsync(() => !_registry.Knows("sandbox-1"));
        await _engine.Received(1).RemoveAsync("sandbox-1", Arg.Any<CancellationToken>());
        await _engine.DidNotReceive().StartAsync("sandbox-1", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task What_broke_in_reserve_is_removed_before_anybody_asks_for_it()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        _pool.Tidy();
        _pool.Reserve.ShouldBe(1);

        _streams["sandbox-1"].Break();
        await Eventually.TrueAsync(() =>
        {
            _pool.Tidy();
            return _pool.Reserve == 0 && _registry.Count == 0;
        });
    }

    [Fact]
    public async Task One_that_does_not_start_is_removed_and_gives_way_to_another()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        _engine.StartAsync("sandbox-1", Arg.Any<CancellationToken>()).ThrowsAsync(new ContainerEngineException(ContainerEngineError.NotFound, "gone"));

        (await _pool.TakeAsync(CancellationToken.None)).ContainerId.ShouldBe("sandbox-2");

        _registry.Knows("sandbox-1").ShouldBeFalse();
        await _engine.Received(1).RemoveAsync("sandbox-1", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task An_engine_that_is_away_is_told_to_whoever_asks()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        _engine.StartAsync("sandbox-1", Arg.Any<CancellationToken>()).ThrowsAsync(new ContainerEngineException(ContainerEngineError.Unavailable, "away"));
        _engine.CreateAsync(null!, CancellationToken.None).ThrowsAsyncForAnyArgs(new ContainerEngineException(ContainerEngineError.Unavailable, "away"));

        (await Should.ThrowAsync<ContainerEngineException>(() => _pool.TakeAsync(CancellationToken.None))).Error.ShouldBe(ContainerEngineError.Unavailable);
    }

    [Fact]
    public async Task A_caller_that_goes_away_during_the_start_leaves_nothing()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        using var gone = new CancellationTokenSource();
        _engine.StartAsync("sandbox-1", Arg.Any<CancellationToken>()).Returns(_ => gone.CancelAsync());

        await Should.ThrowAsync<OperationCanceledException>(() => _pool.TakeAsync(gone.Token));

        _registry.Count.ShouldBe(0);
        await _engine.Received(1).RemoveAsync("sandbox-1", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_pool_that_is_cleared_or_shrinks_gives_up_its_reserve()
    {
        await _pool.AddToReserveAsync(CancellationToken.None);
        _pool.ReserveTarget.ShouldBe(1, "never more than shall be ready");
        _pool.Target = 0;
        _pool.ReserveTarget.ShouldBe(0, "a language that keeps nothing ready reserves nothing");
        _pool.Tidy();
        await Eventually.TrueAsync(() => _registry.Count == 0);

        await _pool.AddToReserveAsync(CancellationToken.None);
        _pool.Clear();
        await Eventually.TrueAsync(() => _registry.Count == 0);
    }

    public Task InitializeAsync() => _remover.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => _remover.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _remover.Dispose();
        _factory.Dispose();
        _identity.Dispose();
    }

    /// <summary>A supervisor that says nothing until it is started, and then that it is ready.</summary>
    private sealed class QuietStream : IContainerStream
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _told;

        public static QuietStream Broken()
        {
            var stream = new QuietStream();
            stream.Break();
            return stream;
        }

        public void BecomeReady() => _started.SetResult();

        public void Break() => _ended.TrySetResult();

        public async ValueTask<OutputChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (_ended.Task.IsCompleted) return default;
            if (_told || await Task.WhenAny(_started.Task, _ended.Task) == _ended.Task)
            {
                await _ended.Task;
                return default;
            }

            _told = true;
            byte[] ready = [(byte)SupervisorFrameType.Ready, 0, 0, 0, 2, SupervisorProtocol.Version, SupervisorProtocol.Version];
            ready.CopyTo(buffer);
            return new OutputChunk(OutputKind.Stdout, ready.Length);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CloseInputAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync()
        {
            Break();
            return ValueTask.CompletedTask;
        }
    }
}
