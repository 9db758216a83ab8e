using Platform.Core.Containers;
using Platform.Testing;

namespace Platform.Core.Tests.Containers;

public abstract partial class ContainerEngineConformance
{
    private const string Unknown = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Unknown_containers_are_told_as_such()
    {
        (await FailureAsync(() => _engine.StartAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.AttachAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.WaitAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.KillAsync(Unknown, "SIGKILL", Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.GetStatsAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.ExecAsync(Unknown, new ExecSpec { Command = ["true"] }, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.CopyFromAsync(Unknown, "/etc", Token))).ShouldBe(ContainerEngineError.NotFound);
        (await _engine.FindAsync(Unknown, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Unknown_images_and_paths_are_told_as_such()
    {
        var id = await CreateAsync(Shell("true"));

        (await FailureAsync(() => CreateAsync(Shell("true") with { Image = "no-such-image:at-all" }))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.CopyFromAsync(id, "/no/such/path", Token))).ShouldBe(ContainerEngineError.NotFound);
        (await _engine.ImageExistsAsync("no-such-image:at-all", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict()
    {
        var name = $"conformance-{Guid.NewGuid():N}";
        await CreateAsync(Shell("true") with { Name = name });

        (await FailureAsync(() => CreateAsync(Shell("true") with { Name = name }))).ShouldBe(ContainerEngineError.Conflict);
    }

    [Fact]
    public async Task What_the_state_does_not_allow_is_a_conflict()
    {
        var id = await CreateAsync(Shell("true"));

        (await FailureAsync(() => _engine.WaitAsync(id, Token))).ShouldBe(ContainerEngineError.Conflict);
        (await FailureAsync(() => _engine.ExecAsync(id, new ExecSpec { Command = ["true"] }, Token))).ShouldBe(ContainerEngineError.Conflict);
    }

    [Fact]
    public async Task A_missing_program_is_an_invalid_request()
    {
        var id = await CreateAsync(Shell("true") with { Command = ["/no/such/program"] });

        (await FailureAsync(() => _engine.StartAsync(id, Token))).ShouldBe(ContainerEngineError.Invalid);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_container_running()
    {
        var id = await StartedAsync(Shell("sleep 600"));
        using var cancel = new CancellationTokenSource();
        var wait = _engine.WaitAsync(id, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => wait);
        (await _engine.FindAsync(id, Token))!.Running.ShouldBeTrue();
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_unavailable()
    {
        var engine = CreateEngine($"unix:///tmp/no-engine-{Guid.NewGuid():N}.sock");

        (await FailureAsync(() => engine.GetInfoAsync(Token))).ShouldBe(ContainerEngineError.Unavailable);
        (await FailureAsync(() => engine.AttachAsync(Unknown, Token))).ShouldBe(ContainerEngineError.Unavailable);
        (await FailureAsync(() => engine.CreateAsync(Shell("true"), Token))).ShouldBe(ContainerEngineError.Unavailable);
        (engine as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task Memory_and_processes_of_a_running_container_can_be_lowered()
    {
        var id = await _engine.CreateAsync(Shell("sleep 100") with { Limits = new ContainerLimits { Memory = 128 << 20, Pids = 64 } }, Token);
        await _engine.StartAsync(id, Token);

        await _engine.UpdateAsync(id, new ContainerLimits { Memory = 32 << 20 }, Token);
        await _engine.UpdateAsync(id, new ContainerLimits { Pids = 16 }, Token);

        var limits = await ExecAsync(id, new ExecSpec
        {
            Command =
            [
                "sh", "-c", "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max memory/memory.memsw.limit_in_bytes pids/pids.max pids.max 2>/dev/null; true",
            ],
        });
        limits.Split('\n').ShouldContain("33554432");
        limits.Split('\n').ShouldContain("16");
        limits.ShouldNotContain("134217728");
    }

    [Fact]
    public async Task Frozen_container_does_nothing_until_it_is_resumed()
    {
        var id = await StartedAsync(Shell("i=0; while :; do i=$((i+1)); echo $i > /dev/shm/count; done"));
        await _engine.PauseAsync(id, Token);
        var before = (await _engine.GetStatsAsync(id, Token)).CpuTime;

        // Frozen already: nothing happens.
        await _engine.PauseAsync(id, Token);
        (await _engine.FindAsync(id, Token))!.Running.ShouldBeTrue();
        (await _engine.GetStatsAsync(id, Token)).CpuTime.ShouldBe(before);

        await _engine.ResumeAsync(id, Token);
        await _engine.ResumeAsync(id, Token);
        await Eventually.TrueAsync(async () => (await _engine.GetStatsAsync(id, Token)).CpuTime > before);
    }

    [Fact]
    public async Task Frozen_container_can_be_killed_and_removed()
    {
        var (killed, removed) = (await StartedAsync(Shell("sleep 600")), await StartedAsync(Shell("sleep 600")));
        await _engine.PauseAsync(killed, Token);
        await _engine.PauseAsync(removed, Token);

        await _engine.KillAsync(killed, "SIGKILL", Token);
        await _engine.RemoveAsync(removed, Token);

        (await _engine.WaitAsync(killed, Token)).ExitCode.ShouldBe(137);
        (await _engine.FindAsync(removed, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Only_what_runs_can_be_frozen()
    {
        var id = await _engine.CreateAsync(Shell("true"), Token);

        (await FailureAsync(() => _engine.PauseAsync(id, Token))).ShouldBe(ContainerEngineError.Conflict);
        (await FailureAsync(() => _engine.PauseAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        (await FailureAsync(() => _engine.ResumeAsync(Unknown, Token))).ShouldBe(ContainerEngineError.NotFound);
        await _engine.ResumeAsync(id, Token);
    }

    [Fact]
    public async Task Limits_of_an_unknown_container_cannot_be_changed() =>
        (await Should.ThrowAsync<ContainerEngineException>(() => _engine.UpdateAsync("no-such-container", new ContainerLimits { Pids = 16 }, Token)))
            .Error.ShouldBe(ContainerEngineError.NotFound);
}
