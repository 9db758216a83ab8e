using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>The engine is killed or stopped in the middle of runs, and comes back. It is one of the test's own.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Trait("Requires", "Root")]
public sealed class EngineRestartTests(PostgresFixture postgres, RedisFixture redis, HotEngineFixture engine)
    : RunPath(() => postgres.ConnectionString, () => redis.ConnectionString, engine.Endpoint),
        IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>, IClassFixture<HotEngineFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runs_end_as_internal_errors_the_pools_refill_and_nothing_is_left(bool killed)
    {
        await StartWorkerAsync(("Execution__LeakInterval", "00:00:02"), ("Containers__ReapInterval", "00:00:02"));
        (await RunAsync("python", "print('before')")).GetProperty("stdout").GetString().ShouldBe("before\n");
        var running = RunAsync("python", "import time\nprint('begun', flush=True)\ntime.sleep(110)");
        // Before, it could only be told that there is no sandbox for it.
        await Eventually.TrueAsync(() => engine.Engine.RunsAsync("main.py"));
        // Those in reserve as well: they outlive the engine, their attached streams do not.
        var before = (await Eventually.ValueAsync(ListSandboxesAsync, sandboxes => sandboxes.Any(sandbox => !sandbox.Running))).Select(sandbox => sandbox.Id).ToHashSet(StringComparer.Ordinal);

        if (killed) await engine.Engine.KillAsync();
        else await engine.Engine.StopAsync();
        await engine.Engine.StartAsync();

        (await running).GetProperty("status").GetString().ShouldBe("internal_error");
        await Eventually.TrueAsync(async () => Hot.All((await ReadyAsync()).Contains));
        (await RunAsync("python", "print('after')")).GetProperty("stdout").GetString().ShouldBe("after\n");
        await Eventually.TrueAsync(async () => !(await ListSandboxesAsync()).Any(sandbox => before.Contains(sandbox.Id)));
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Count(sandbox => sandbox.Running) >= Hot.Length);
        (await engine.Engine.NetworksAsync()).ShouldBeEmpty();
        await NothingIsLeftInTheQueueAsync();
    }
}

/// <summary>An engine with the images of the languages that have pools.</summary>
public sealed class HotEngineFixture : IAsyncLifetime
{
    private PrivateEngine? _engine;

    public PrivateEngine Engine => _engine ?? throw new InvalidOperationException("The fixture has not been initialised.");

    public string Endpoint => Engine.Endpoint;

    public async Task InitializeAsync() => _engine = await PrivateEngine.StartAsync("autostack/sandbox-python", "autostack/sandbox-node");

    public async Task DisposeAsync() => await Engine.DisposeAsync();
}
