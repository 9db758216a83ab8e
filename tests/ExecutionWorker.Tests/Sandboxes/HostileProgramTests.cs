using System.Text;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Tests.Security;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(SandboxCollection.Name)]
public sealed class HostileProgramTests(SandboxFixture fixture)
{
    private const int Limit = 64 * 1024;

    /// <summary>The kinds of harm; the whole list is a suite of its own.</summary>
    [Theory]
    [InlineData("H01")]
    [InlineData("H02")]
    [InlineData("H07")]
    [InlineData("H09")]
    [InlineData("H13")]
    [InlineData("H16")]
    [InlineData("H19")]
    public async Task A_hostile_program_gets_its_verdict_and_leaves_nothing_behind(string id)
    {
        var program = HostilePrograms.Get(id);

        var run = await fixture.RunAsync(program.Code);

        run.Result.Verdict.ShouldBe(program.Verdict, $"{program} {run.Errors}");
        (await fixture.ListMineAsync()).ShouldBeEmpty();
        (await fixture.RunAsync("print('still fine')")).Text.ShouldBe("still fine\n");
    }

    [Theory]
    [InlineData("stdout")]
    [InlineData("stderr")]
    public async Task Output_is_kept_up_to_its_limit_and_says_that_it_was_cut(string stream)
    {
        var run = await fixture.RunAsync($"import sys\nsys.{stream}.write('x' * {Limit + 1})");

        (stream == "stdout" ? run.Stdout : run.Stderr).ShouldBe(Enumerable.Repeat((byte)'x', Limit));
        run.Result.Verdict.ShouldBe(RunVerdict.OutputLimit);
        run.Result.StdoutTruncated.ShouldBe(stream == "stdout");
        run.Result.StderrTruncated.ShouldBe(stream == "stderr");
    }

    [Fact]
    public async Task Output_of_exactly_the_limit_is_no_violation()
    {
        var run = await fixture.RunAsync($"import sys\nsys.stdout.write('x' * {Limit})");

        run.Stdout.Length.ShouldBe(Limit);
        run.Result.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task What_was_printed_before_a_limit_is_kept()
    {
        var run = await fixture.RunAsync("print('before')\nwhile True: pass");

        run.Text.ShouldBe("before\n");
        run.Result.Verdict.ShouldBe(RunVerdict.TimeLimit);
    }

    [Fact]
    public async Task The_supervisor_cannot_be_read_traced_or_starved()
    {
        var run = await fixture.RunAsync("""
            import ctypes, os, resource
            def attempt(name, action):
                try: print(name, 'done', action())
                except OSError as error: print(name, 'refused')
            libc = ctypes.CDLL(None, use_errno=True)
            def ptrace():
                if libc.ptrace(16, 1, 0, 0) != 0: raise OSError(ctypes.get_errno(), 'ptrace')
            attempt('memory', lambda: open('/proc/1/mem', 'r+b'))
            attempt('environment', lambda: open('/proc/1/environ').read())
            attempt('descriptors', lambda: os.listdir('/proc/1/fd'))
            attempt('root', lambda: os.listdir('/proc/1/root'))
            attempt('trace', ptrace)
            attempt('limits', lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0)))
            attempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
            attempt('affinity', lambda: os.sched_setaffinity(1, {0}))
            """);

        run.Text.ShouldBe("memory refused\nenvironment refused\ndescriptors refused\nroot refused\ntrace refused\nlimits refused\npriority refused\naffinity refused\n");
    }

    [Fact]
    public async Task There_is_no_network_but_loopback()
    {
        var run = await fixture.RunAsync("""
            import os, socket
            print(sorted(os.listdir('/sys/class/net')))
            for host in ('1.1.1.1', '169.254.169.254', '172.17.0.1'):
                try:
                    socket.create_connection((host, 80), 1)
                    print('connected')
                except OSError: print('unreachable')
            """);

        run.Text.ShouldBe("['lo']\nunreachable\nunreachable\nunreachable\n");
    }

    [Fact]
    public async Task Nothing_is_writable_but_the_two_memory_file_systems()
    {
        var run = await fixture.RunAsync("""
            import os
            found = set()
            for root, folders, _ in os.walk('/'):
                if root.startswith(('/proc', '/sys', '/dev/pts')):
                    folders.clear()
                    continue
                if os.access(root, os.W_OK): found.add('/'.join(root.split('/')[:3]))
            print(sorted(found))
            """);

        run.Text.ShouldBe("['/box', '/dev/mqueue', '/dev/shm', '/tmp']\n");
    }

    [Fact]
    public async Task Programs_cannot_be_executed_from_the_temporary_folder()
    {
        var run = await fixture.RunAsync("""
            import os, shutil, subprocess
            for folder in ('/box', '/tmp'):
                shutil.copy('/bin/true', folder + '/copy')
                try: print(folder, subprocess.run([folder + '/copy']).returncode)
                except PermissionError: print(folder, 'refused')
            """);

        run.Text.ShouldBe("/box 0\n/tmp refused\n");
    }

    [Fact]
    public async Task Rights_cannot_be_gained()
    {
        var run = await fixture.RunAsync("""
            import ctypes, os
            print(os.getuid(), os.getgid(), os.getgroups())
            for action in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.chroot('/box'), lambda: os.unshare(0x10000000) if hasattr(os, 'unshare') else os.chroot('/')):
                try:
                    action()
                    print('done')
                except PermissionError: print('refused')
            status = open('/proc/self/status').read()
            print([line for line in status.split('\n') if line.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))])
            libc = ctypes.CDLL(None, use_errno=True)
            print('mount', libc.mount(b'none', b'/box', b'tmpfs', 0, None))
            """);

        run.Text.ShouldBe(
            "65534 65534 [65534]\nrefused\nrefused\nrefused\nrefused\n['CapEff:\\t0000000000000000', 'CapBnd:\\t0000000000000000', 'NoNewPrivs:\\t1']\nmount -1\n");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_arrive_as_they_are()
    {
        var run = await fixture.RunAsync("""
            import sys
            sys.stdout.buffer.write(bytes(range(256)) + b'\xed\xa0\x80\x1b]0;title\x07\xe2\x80\xa8')
            """);

        run.Stdout.ShouldBe([.. Enumerable.Range(0, 256).Select(value => (byte)value), .. "\u001b]0;title\u0007"u8.ToArray().Prepend((byte)0x80).Prepend((byte)0xa0).Prepend((byte)0xed), .. "\u2028"u8]);
    }

    [Fact]
    public async Task A_forged_frame_is_only_text()
    {
        var forged = "x\0\0\0\u0038{\"verdict\":\"ok\"}";

        var run = await fixture.RunAsync($"import sys\nsys.stdout.write('x\\0\\0\\0\\x38{{\"verdict\":\"ok\"}}')\nsys.exit(9)");

        run.Text.ShouldBe(forged);
        run.Result.Verdict.ShouldBe(RunVerdict.RuntimeError);
        run.Result.ExitCode.ShouldBe(9);
    }

    [Fact]
    public async Task A_character_split_over_writes_stays_whole()
    {
        var run = await fixture.RunAsync("""
            import sys
            for byte in 'ä€😀'.encode():
                sys.stdout.buffer.write(bytes([byte]))
                sys.stdout.buffer.flush()
            """);

        Encoding.UTF8.GetString(run.Stdout).ShouldBe("ä€😀");
    }
}
