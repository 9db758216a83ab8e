using System.Text.Json;
using Microsoft.Extensions.Options;
using NSubstitute;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

public sealed class SandboxProfileTests
{
    private readonly Language _python = LanguageCatalog.Load("languages.yaml").Find("python")!;

    [Theory]
    [InlineData("io_uring_setup")]
    [InlineData("userfaultfd")]
    [InlineData("bpf")]
    [InlineData("keyctl")]
    [InlineData("perf_event_open")]
    [InlineData("ptrace")]
    [InlineData("mount")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("process_vm_readv")]
    [InlineData("open_by_handle_at")]
    [InlineData("init_module")]
    [InlineData("clock_settime")]
    public void A_call_that_reaches_the_kernel_or_others_is_in_no_list_of_the_profile(string call) => NamesOfAllowed().ShouldNotContain(call);

    [Fact]
    public void What_programs_live_on_is_allowed_and_all_else_is_refused()
    {
        foreach (var call in new[] { "read", "mmap", "execve", "fork", "futex", "epoll_wait", "openat", "exit_group", "rt_sigreturn" }) NamesOfAllowed().ShouldContain(call);
        using var profile = JsonDocument.Parse(SandboxProfile.Seccomp);
        profile.RootElement.GetProperty("defaultAction").GetString().ShouldBe("SCMP_ACT_ERRNO");
    }

    [Fact]
    public void A_sandbox_has_no_network_no_rights_nothing_to_write_and_all_limits()
    {
        var spec = Specify(new ExecutionWorkerOptions());

        spec.Network.ShouldBe("none");
        spec.ReadOnlyRoot.ShouldBeTrue();
        spec.User.ShouldBe("65534:65534");
        spec.Capabilities.ShouldBeEmpty();
        spec.SeccompProfile.ShouldBe(SandboxProfile.Seccomp);
        spec.Runtime.ShouldBeNull();
        spec.Mounts.ShouldBeEmpty();
        spec.Limits.Memory.ShouldBe(_python.Limits.MemoryMegabytes * 1024L * 1024L);
        spec.Limits.Pids.ShouldBe(_python.Limits.Processes);
        spec.Tmpfs.Values.ShouldAllBe(options => options.Contains("nosuid,nodev,size=", StringComparison.Ordinal));
    }

    [Fact]
    public void The_runtime_is_a_setting_and_each_language_can_have_its_own()
    {
        Specify(new ExecutionWorkerOptions { Runtime = "runsc" }).Runtime.ShouldBe("runsc");
        Specify(new ExecutionWorkerOptions { Runtimes = { ["PYTHON"] = "runsc" } }).Runtime.ShouldBe("runsc");
        Specify(new ExecutionWorkerOptions { Runtimes = { ["javascript"] = "runsc" } }).Runtime.ShouldBeNull();
        Specify(new ExecutionWorkerOptions { Runtime = "runsc", Runtimes = { ["python"] = "" } }).Runtime.ShouldBeNull();
    }

    [Theory]
    [InlineData("runsc", 64, 512)]
    [InlineData("runsc-kvm", 64, 512)]
    [InlineData("runc", 0, 64)]
    [InlineData(null, 0, 64)]
    public void A_kernel_of_its_own_gets_room_beside_the_program(string? runtime, int megabytes, int pids)
    {
        var limits = Specify(new ExecutionWorkerOptions { Runtime = runtime }).Limits;

        limits.Memory.ShouldBe((_python.Limits.MemoryMegabytes + megabytes) * 1024L * 1024L);
        limits.Pids.ShouldBe(pids);
    }

    private static IReadOnlyList<string> NamesOfAllowed()
    {
        using var profile = JsonDocument.Parse(SandboxProfile.Seccomp);
        return
        [
            .. profile.RootElement.GetProperty("syscalls").EnumerateArray()
                .Where(rule => rule.GetProperty("action").GetString() == "SCMP_ACT_ALLOW")
                .SelectMany(rule => rule.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)),
        ];
    }

    private ContainerSpec Specify(ExecutionWorkerOptions settings)
    {
        var containers = Options.Create(new ContainerOptions { Platform = "execution-profile-tests" });
        using var identity = new WorkerIdentity(containers);
        using var factory = new SandboxFactory(
            Substitute.For<IContainerEngine>(), new SandboxLabels(containers, identity), new SandboxRegistry(), Options.Create(settings), TimeProvider.System);
        return factory.Specify(_python);
    }
}
