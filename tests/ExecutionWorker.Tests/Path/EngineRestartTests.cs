using System.Diagnostics;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Path;

/// <summary>
/// The engine is restarted in the middle of runs. It is this machine's own, with everything else that runs on it: hence a suite that runs only when
/// named, <c>./platform test engine</c>, and restarts by the command in PLATFORM_TEST_ENGINE_RESTART.
/// </summary>
[Trait("Category", "Engine")]
[Trait("Requires", "Docker")]
public sealed class EngineRestartTests(PostgresFixture postgres, RedisFixture redis)
    : RunPath(postgres, redis), IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Runs_end_as_internal_errors_the_pools_refill_and_nothing_is_left()
    {
        await StartWorkerAsync(("Execution__LeakInterval", "00:00:02"));
        await RunAsync("python", "print('before')");
        var running = RunAsync("python", "import time\nprint('begun', flush=True)\ntime.sleep(14)");
        await Eventually.TrueAsync(async () => await JobsAsync("running") == 1);
        var before = (await ListSandboxesAsync()).Select(sandbox => sandbox.Id).ToHashSet(StringComparer.Ordinal);

        await RestartAsync();

        (await running).GetProperty("status").GetString().ShouldBe("internal_error");
        await Eventually.TrueAsync(async () => Hot.All((await ReadyAsync()).Contains), TimeSpan.FromMinutes(1));
        (await RunAsync("python", "print('after')")).GetProperty("stdout").GetString().ShouldBe("after\n");
        await Eventually.TrueAsync(async () => !(await ListSandboxesAsync()).Any(sandbox => before.Contains(sandbox.Id)), TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () => (await ListSandboxesAsync()).Count(sandbox => sandbox.Running) >= 4, TimeSpan.FromMinutes(1));
        await NothingIsLeftInTheQueueAsync();
    }

    private static async Task RestartAsync()
    {
        var command = Environment.GetEnvironmentVariable("PLATFORM_TEST_ENGINE_RESTART")
            ?? throw new InvalidOperationException("PLATFORM_TEST_ENGINE_RESTART names no command; run ./platform test engine.");
        using var process = Process.Start("sh", ["-c", command]);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
