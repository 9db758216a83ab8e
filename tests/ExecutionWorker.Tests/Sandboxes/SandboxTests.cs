using System.Text;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(SandboxCollection.Name)]
public sealed class SandboxTests(SandboxFixture fixture)
{
    [Fact]
    public async Task A_program_gets_its_arguments_and_its_input_and_its_code_is_told()
    {
        var run = await fixture.RunAsync(
            "import sys\nprint(sys.argv[1:], sys.stdin.read(), end='')\nprint('oh', file=sys.stderr)\nsys.exit(3)",
            "line\n"u8.ToArray(), closeStdin: true, "a b", "", "ü");

        run.Text.ShouldBe("['a b', '', 'ü'] line\n");
        run.Errors.ShouldBe("oh\n");
        run.Result.ExitCode.ShouldBe(3);
        run.Result.Verdict.ShouldBe(RunVerdict.RuntimeError);
        run.Result.WallTime.ShouldBeGreaterThan(TimeSpan.Zero);
        run.Result.CpuTime.ShouldBeGreaterThan(TimeSpan.Zero);
        run.Result.MemoryBytes.ShouldBeGreaterThan(1_000_000);
    }

    [Fact]
    public async Task Much_input_arrives_whole()
    {
        var input = new byte[1_000_000];
        new Random(7).NextBytes(input);

        var run = await fixture.RunAsync("import hashlib, sys\nprint(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())", input);

        run.Text.Trim().ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input)));
    }

    [Fact]
    public async Task Much_input_that_nobody_reads_blocks_nothing()
    {
        var run = await fixture.RunAsync("print('done')", new byte[1_000_000]);

        run.Text.ShouldBe("done\n");
        run.Result.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task A_program_that_waits_for_input_that_never_ends_is_idle()
    {
        await using var sandbox = await fixture.StartAsync();
        var run = new SandboxRun(sandbox, []);

        await sandbox.StartAsync([], fixture.Command("cat") with { WallTime = TimeSpan.FromSeconds(2) }, CancellationToken.None);
        await run.FollowAsync(closeStdin: false);

        run.Result.Verdict.ShouldBe(RunVerdict.IdleLimit);
    }

    [Fact]
    public async Task A_loop_that_gets_hardly_any_processor_is_not_idle()
    {
        await using var sandbox = await fixture.StartStarvedAsync();
        var run = new SandboxRun(sandbox, []);
        await sandbox.StartAsync([], fixture.Command("sh", "-c", "while :; do :; done"), CancellationToken.None);

        await run.FollowAsync(closeStdin: true);

        run.Exit.CpuTime.ShouldBeLessThan(run.Exit.WallTime * 0.1);
        run.Result.Verdict.ShouldBe(RunVerdict.TimeLimit);
    }

    [Fact]
    public async Task A_signal_reaches_the_program_although_it_does_not_read_its_input()
    {
        await using var sandbox = await fixture.StartAsync();
        var command = fixture.Command("python3", fixture.Python.File);
        var run = new SandboxRun(sandbox, new byte[200_000]);
        await sandbox.StartAsync(
            [new RunFile(fixture.Python.File, "import signal\nsignal.signal(signal.SIGUSR1, lambda *_: exit(5))\nprint('ready')\nsignal.pause()"u8.ToArray())],
            command, CancellationToken.None);

        var following = run.FollowAsync(closeStdin: true);
        await Eventually.TrueAsync(() => run.Text == "ready\n");
        await sandbox.SignalAsync(10, CancellationToken.None);
        await following;

        run.Result.ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task One_sandbox_runs_several_commands_and_nothing_of_one_is_alive_in_the_next()
    {
        await using var sandbox = await fixture.StartAsync();

        var first = await fixture.RunInAsync(sandbox, "import os, time\nif os.fork() == 0: time.sleep(1000)\nopen('left', 'w').write('kept')");
        var second = await fixture.RunInAsync(
            sandbox, "import os\nprint(open('left').read(), [name for name in os.listdir('/proc') if name.isdigit() and name not in ('1', str(os.getpid()))])");

        first.Result.Verdict.ShouldBe(RunVerdict.Ok);
        second.Text.ShouldBe("kept []\n");
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_reported_as_not_started()
    {
        await using var sandbox = await fixture.StartAsync();
        var run = new SandboxRun(sandbox, []);

        await sandbox.StartAsync([], fixture.Command("no-such-program"), CancellationToken.None);
        await run.FollowAsync(closeStdin: true);

        run.Exit.How.ShouldBe(SandboxExitKind.NotStarted);
        run.Exit.Error.ShouldBe(2);
    }

    [Fact]
    public async Task Files_are_put_into_folders_and_long_ones_arrive_whole()
    {
        await using var sandbox = await fixture.StartAsync();
        var content = new byte[1_000_000];
        new Random(11).NextBytes(content);
        var run = new SandboxRun(sandbox, []);

        await sandbox.StartAsync(
            [new RunFile("a/b/data.bin", content), new RunFile("empty", [])],
            fixture.Command("sha256sum", "a/b/data.bin", "empty"), CancellationToken.None);
        await run.FollowAsync(closeStdin: true);

        run.Text.ShouldBe(
            $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}  a/b/data.bin\n" +
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n");
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a//b")]
    [InlineData("a/../../x")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        await using var sandbox = await fixture.StartAsync();
        var run = new SandboxRun(sandbox, []);

        await sandbox.StartAsync([new RunFile(path, "x"u8.ToArray())], fixture.Command("true"), CancellationToken.None);

        (await Should.ThrowAsync<SandboxException>(() => run.FollowAsync(closeStdin: true))).Message.ShouldContain("file name is not allowed");
    }

    [Fact]
    public async Task A_link_that_a_program_left_is_never_followed()
    {
        await using var sandbox = await fixture.StartAsync();
        await fixture.RunInAsync(sandbox, "import os\nos.symlink('/tmp', 'folder')\nos.symlink('/proc/self/fd/1', 'file')");

        var run = new SandboxRun(sandbox, []);
        await sandbox.StartAsync([new RunFile("folder/x", "x"u8.ToArray())], fixture.Command("true"), CancellationToken.None);

        await Should.ThrowAsync<SandboxException>(() => run.FollowAsync(closeStdin: true));
    }

    [Fact]
    public async Task A_sandbox_dies_with_its_connection()
    {
        var sandbox = await fixture.StartAsync();
        var id = sandbox.ContainerId;
        await using (sandbox)
        {
            sandbox.IsAlive.ShouldBeTrue();
            await fixture.Engine.KillAsync(id, "KILL", CancellationToken.None);
            await Eventually.TrueAsync(() => !sandbox.IsAlive);
        }

        (await fixture.Engine.FindAsync(id, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData("3f00000000", "unknown frame")]
    [InlineData("46ffffffff", "frame is too long")]
    [InlineData("430000000100", "frame is too short")]
    [InlineData("46000000020078", "string is not ended")]
    [InlineData("460000000304780078", "unknown flag of a file")]
    [InlineData("4b0000000100", "no such signal")]
    public async Task A_frame_that_breaks_the_protocol_ends_the_sandbox_with_a_reason(string frame, string reason)
    {
        await using var sandbox = await fixture.StartAsync();
        var run = new SandboxRun(sandbox, []);

        await sandbox.SendRawAsync(Convert.FromHexString(frame), CancellationToken.None);

        (await Should.ThrowAsync<SandboxException>(() => run.FollowAsync(closeStdin: false))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task More_input_than_the_window_allows_ends_the_sandbox()
    {
        await using var sandbox = await fixture.StartAsync();
        var run = new SandboxRun(sandbox, []);
        await sandbox.StartAsync([], fixture.Command("sleep", "10"), CancellationToken.None);

        // What the pipe to the program takes counts as read.
        for (var i = 0; i < 3; i++) await sandbox.WriteStdinAsync(new byte[60_000], CancellationToken.None);

        (await Should.ThrowAsync<SandboxException>(() => run.FollowAsync(closeStdin: false))).Message.ShouldContain("more input than the window allows");
        Encoding.UTF8.GetString(run.Stdout).ShouldBeEmpty();
    }
}
