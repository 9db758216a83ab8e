using System.Formats.Tar;
using System.Text;
using Platform.Core.Containers;
using Platform.Testing;

namespace Platform.Core.Tests.Containers;

public abstract partial class ContainerEngineConformance
{
    [Fact]
    public async Task Exec_has_its_own_streams_and_exit_code()
    {
        var id = await StartedAsync(Shell("sleep 600"));
        var spec = new ExecSpec
        {
            Command = ["sh", "-c", "cat; echo $WORD >&2; pwd; exit 9"],
            Environment = new Dictionary<string, string> { ["WORD"] = "from env" },
            WorkingDirectory = "/usr",
            OpenStdin = true,
        };

        await using var exec = await _engine.ExecAsync(id, spec, Token);
        await exec.WriteAsync("typed\n"u8.ToArray(), Token);
        await exec.CloseInputAsync(Token);
        var output = new StreamText(exec);

        (await output.ToEndAsync()).ShouldBe("typed\n/usr\n");
        output.Stderr.ShouldBe("from env\n");
        (await exec.GetExitCodeAsync(Token)).ShouldBe(9);
        (await _engine.FindAsync(id, Token))!.Running.ShouldBeTrue();
    }

    [Fact]
    public async Task Exec_runs_as_the_user_it_is_given()
    {
        var id = await StartedAsync(Shell("sleep 600"));

        (await ExecAsync(id, new ExecSpec { Command = ["id", "-u"] })).ShouldBe("65534\n");
        (await ExecAsync(id, new ExecSpec { Command = ["id", "-u"], User = "1234" })).ShouldBe("1234\n");
    }

    [Fact]
    public async Task Exec_terminal_starts_with_its_size_and_follows_changes()
    {
        var id = await StartedAsync(Shell("sleep 600"));
        var spec = new ExecSpec { Command = ["sh", "-c", "read a; stty size; read b; stty size"], Tty = true, OpenStdin = true, Size = new TerminalSize(90, 30) };
        await using var exec = await _engine.ExecAsync(id, spec, Token);
        var output = new StreamText(exec);

        await exec.WriteAsync("\n"u8.ToArray(), Token);
        await output.UntilAsync("30 90\r\n");
        await exec.ResizeAsync(new TerminalSize(120, 50), Token);
        await exec.WriteAsync("\n"u8.ToArray(), Token);

        (await output.ToEndAsync()).ShouldContain("50 120\r\n");
        (await exec.GetExitCodeAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Exec_of_a_missing_program_ends_with_127_or_126()
    {
        var id = await StartedAsync(Shell("sleep 600"));

        await using var exec = await _engine.ExecAsync(id, new ExecSpec { Command = ["/no/such/program"] }, Token);
        await new StreamText(exec).ToEndAsync();

        (await exec.GetExitCodeAsync(Token)).ShouldBeOneOf(126, 127);
    }

    [Fact]
    public async Task Files_go_in_and_come_out_as_tar()
    {
        var id = await StartedAsync(Shell("sleep 600"));
        var content = string.Concat(Enumerable.Repeat("0123456789", 100_000));

        await _engine.CopyToAsync(id, "/tmp", Tar(("in/data.txt", content)), Token);
        (await ExecAsync(id, new ExecSpec { Command = ["wc", "-c", "/tmp/in/data.txt"] })).ShouldBe("1000000 /tmp/in/data.txt\n");

        await using var tar = await _engine.CopyFromAsync(id, "/tmp/in/data.txt", Token);
        await using var reader = new TarReader(tar);
        var entry = await reader.GetNextEntryAsync(copyData: true, Token);
        entry!.Name.ShouldBe("data.txt");
        using var text = new StreamReader(entry.DataStream!);
        (await text.ReadToEndAsync(Token)).ShouldBe(content);
    }

    [Fact]
    public async Task Memory_limit_is_reported_as_out_of_memory()
    {
        // The shell lives on for a while: an engine may miss what happens in a container that is gone at once, and tells of it at its end only.
        var spec = Shell("tail /dev/zero; sleep 6; exit 3") with { Limits = new ContainerLimits { Memory = 32 * 1024 * 1024 } };

        var result = await RunAsync(spec);

        result.Exit.OutOfMemory.ShouldBeTrue();
        result.Exit.ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Exit_code_137_alone_is_not_out_of_memory()
    {
        var result = await RunAsync(Shell("exit 137") with { Limits = new ContainerLimits { Memory = 32 * 1024 * 1024 } });

        result.Exit.ShouldBe(new ContainerExit(137, false));
    }

    [Fact]
    public async Task Process_limit_holds()
    {
        var spec = Shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep 5 & done; echo all started") with { Limits = new ContainerLimits { Pids = 8 } };

        var result = await RunAsync(spec);

        result.Stdout.ShouldNotContain("all started");
        result.Stderr.ShouldContain("fork");
    }

    [Fact]
    public async Task Limits_of_each_process_hold()
    {
        var limits = new ContainerLimits { Ulimits = new Dictionary<string, long> { ["nofile"] = 77, ["core"] = 0 }, SharedMemory = 4 * 1024 * 1024 };

        var result = await RunAsync(Shell("ulimit -n; ulimit -c; df -k --output=size /dev/shm | tail -1 | tr -d ' '") with { Limits = limits });

        result.Stdout.ShouldBe("77\n0\n4096\n");
    }

    [Fact]
    public async Task Defaults_are_hardened()
    {
        var result = await RunAsync(Shell("id -u; grep -E 'Cap(Bnd|Eff)|NoNewPrivs' /proc/self/status; ls /sys/class/net"));

        result.Stdout.ShouldBe("65534\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nlo\n");
    }

    [Fact]
    public async Task Read_only_root_leaves_only_the_memory_file_systems_writable()
    {
        var spec = Shell("touch /file 2>&1; touch /box/file && echo box written; df -k --output=size /box | tail -1 | tr -d ' '") with
        {
            ReadOnlyRoot = true,
            User = "0:0",
            Tmpfs = new Dictionary<string, string> { ["/box"] = "rw,exec,nosuid,size=8m,mode=1777" },
        };

        var result = await RunAsync(spec);

        result.Stdout.ShouldContain("Read-only file system");
        result.Stdout.ShouldEndWith("box written\n8192\n");
    }

    [Fact]
    public async Task Environment_working_directory_and_mounts_are_set()
    {
        // Not CreateTempSubdirectory: that one is closed to the container's user.
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"conformance-{Guid.NewGuid():N}")).FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "note"), "from the host", Token);
            var spec = Shell("pwd; echo $A; cat note; touch new 2>&1 | grep -o 'Read-only'") with
            {
                Environment = new Dictionary<string, string> { ["A"] = "b=c d" },
                WorkingDirectory = "/mnt/in",
                Mounts = [new ContainerMount(directory, "/mnt/in", ReadOnly: true)],
            };

            (await RunAsync(spec)).Stdout.ShouldBe("/mnt/in\nb=c d\nfrom the hostRead-only\n");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Stats_tell_what_is_used()
    {
        var id = await StartedAsync(Shell("sleep 600 & sleep 600 & wait"));

        var stats = await Eventually.ValueAsync(() => _engine.GetStatsAsync(id, Token), value => value.Pids >= 3);

        stats.MemoryBytes.ShouldBeGreaterThan(0);
        stats.CpuTime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task State_follows_the_container()
    {
        var id = await CreateAsync(Shell("read line; exit 5") with { OpenStdin = true });
        (await _engine.FindAsync(id, Token)).ShouldSatisfyAllConditions(
            state => state!.Running.ShouldBeFalse(),
            state => state!.ExitCode.ShouldBeNull(),
            state => state!.Labels[ContainerLabels.Worker].ShouldBe(_labels[ContainerLabels.Worker]));

        var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        await _engine.StartAsync(id, Token);
        (await _engine.FindAsync(id, Token))!.Running.ShouldBeTrue();

        // The one who holds the input is gone: the process sees its end.
        await stream.DisposeAsync();
        (await _engine.WaitAsync(id, Token)).ExitCode.ShouldBe(5);
        (await _engine.FindAsync(id, Token))!.ExitCode.ShouldBe(5);

        await _engine.RemoveAsync(id, Token);
        (await _engine.FindAsync(id, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Removing_kills_what_runs_and_forgives_what_is_gone()
    {
        var id = await StartedAsync(Shell("sleep 600"));

        await Task.WhenAll(_engine.RemoveAsync(id, Token), _engine.RemoveAsync(id, Token));

        (await _engine.FindAsync(id, Token)).ShouldBeNull();
        await _engine.RemoveAsync(id, Token);
    }

    [Fact]
    public async Task Lists_hold_what_carries_all_labels()
    {
        var marked = new Dictionary<string, string>(_labels) { [ContainerLabels.Job] = "job-1" };
        var running = await StartedAsync(Shell("sleep 600") with { Labels = marked });
        var created = await CreateAsync(Shell("true"));

        (await _engine.ListAsync(_labels, Token)).Select(item => (item.Id, item.Running)).ShouldBe([(running, true), (created, false)], ignoreOrder: true);
        var only = (await _engine.ListAsync(marked, Token)).ShouldHaveSingleItem();
        only.Id.ShouldBe(running);
        only.Image.ShouldBe(Image);
        only.Labels[ContainerLabels.Job].ShouldBe("job-1");
        (await _engine.ListAsync(new Dictionary<string, string>(_labels) { [ContainerLabels.Job] = "job-2" }, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Images_are_built_listed_and_removed()
    {
        var tag = $"autostack-conformance:{Guid.NewGuid():N}";
        var build = new ImageBuild { Tags = [tag], Labels = _labels, Arguments = new Dictionary<string, string> { ["WORD"] = "hello" } };
        var lines = new List<string>();
        var dockerfile = $"FROM {Image}\nARG WORD\nCOPY note /note\nRUN echo \"$WORD $(cat /note)\" && echo \"$WORD\" > /word\n";

        await _engine.BuildImageAsync(build, Tar(("Dockerfile", dockerfile), ("note", "from context")), new Lines(lines), Token);

        lines.ShouldContain("hello from context");
        (await _engine.ImageExistsAsync(tag, Token)).ShouldBeTrue();
        (await _engine.ListImagesAsync(_labels, Token)).ShouldContain(image => image.Tags.Contains(tag) && image.SizeBytes > 0);
        (await RunAsync(Shell("cat /word /note") with { Image = tag })).Stdout.ShouldBe("hello\nfrom context");

        foreach (var container in await _engine.ListAsync(_labels, Token)) await _engine.RemoveAsync(container.Id, Token);
        await _engine.RemoveImageAsync(tag, Token);
        (await _engine.ImageExistsAsync(tag, Token)).ShouldBeFalse();
        await _engine.RemoveImageAsync(tag, Token);
    }

    [Fact]
    public async Task A_failed_image_build_says_why()
    {
        var lines = new List<string>();
        var context = Tar(("Dockerfile", $"FROM {Image}\nRUN echo before the end && exit 23\n"));
        var build = new ImageBuild { Tags = ["autostack-conformance:broken"], Labels = _labels };

        var failure = await Should.ThrowAsync<ContainerEngineException>(() => _engine.BuildImageAsync(build, context, new Lines(lines), Token));

        failure.Error.ShouldBe(ContainerEngineError.BuildFailed);
        failure.Message.ShouldContain("23");
        lines.ShouldContain("before the end");
        (await _engine.ImageExistsAsync("autostack-conformance:broken", Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Networks_are_created_used_listed_and_removed()
    {
        var name = $"conformance-{Guid.NewGuid():N}";
        var id = await _engine.CreateNetworkAsync(new NetworkSpec { Name = name, Labels = _labels, Internal = true }, Token);

        (await _engine.ListNetworksAsync(_labels, Token)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            network => network.Id.ShouldBe(id),
            network => network.Name.ShouldBe(name),
            network => network.Labels[ContainerLabels.Platform].ShouldBe(_labels[ContainerLabels.Platform]));
        (await RunAsync(Shell("ls /sys/class/net | tr '\\n' ' '") with { Network = name })).Stdout.ShouldContain("eth0");

        await _engine.RemoveNetworkAsync(name, Token);
        (await _engine.ListNetworksAsync(_labels, Token)).ShouldBeEmpty();
        await _engine.RemoveNetworkAsync(name, Token);
    }

    [Fact]
    public async Task A_network_in_use_is_not_removed()
    {
        var name = $"conformance-{Guid.NewGuid():N}";
        await _engine.CreateNetworkAsync(new NetworkSpec { Name = name, Labels = _labels, Internal = true }, Token);
        await StartedAsync(Shell("sleep 600") with { Network = name });

        (await FailureAsync(() => _engine.RemoveNetworkAsync(name, Token))).ShouldBe(ContainerEngineError.Conflict);
        (await _engine.ListNetworksAsync(_labels, Token)).ShouldHaveSingleItem();
    }

    private static async Task<ContainerEngineError> FailureAsync(Func<Task> call) => (await Should.ThrowAsync<ContainerEngineException>(call)).Error;

    private static MemoryStream Tar(params (string Name, string Content)[] files)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                    Mode = (UnixFileMode)0x1A4,
                });
            }
        }

        tar.Position = 0;
        return tar;
    }

    private async Task<string> ExecAsync(string id, ExecSpec spec)
    {
        await using var exec = await _engine.ExecAsync(id, spec, Token);
        return await new StreamText(exec).ToEndAsync();
    }

    private sealed class Lines(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
