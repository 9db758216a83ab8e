using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>Programs that have a terminal.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class TerminalTests(WorkerHarness worker)
{
    private static readonly TerminalSize Size = new(80, 25);

    [Fact]
    public async Task A_program_sees_a_terminal_with_its_size_and_its_changes()
    {
        var run = await worker.RunAsync(Terminal("""
            import os, signal, sys
            def show(*_): print(os.get_terminal_size(), flush=True)
            signal.signal(signal.SIGWINCH, show)
            print([os.isatty(fd) for fd in (0, 1, 2)], os.environ['TERM'])
            show()
            print('to stderr', file=sys.stderr, flush=True)
            input()
            """), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout.Contains("to stderr", StringComparison.Ordinal));
            await conversation.ResizeAsync(100, 30);
            await Eventually.TrueAsync(() => conversation.Stdout.Contains("columns=100", StringComparison.Ordinal));
            await conversation.StdinAsync("\r");
        });

        run.Stdout.ShouldBe(
            "[True, True, True] xterm-256color\r\nos.terminal_size(columns=80, lines=25)\r\nto stderr\r\nos.terminal_size(columns=100, lines=30)\r\n\r\n");
        run.Stderr.ShouldBeEmpty();
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task What_is_typed_is_echoed_at_once()
    {
        var run = await worker.RunAsync(Terminal("print('>', end='', flush=True)\nprint('got', repr(input()))"), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout == ">");
            await conversation.StdinAsync("a");
            await Eventually.TrueAsync(() => conversation.Stdout == ">a");
            await conversation.StdinAsync("b\u007fc\r");
        });

        run.Stdout.ShouldEndWith("got 'ac'\r\n");
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("line\n", "'line\\n'")]
    [InlineData("no end", "'no end'")]
    public async Task The_end_of_input_is_the_end_of_a_file(string typed, string read)
    {
        var run = await worker.RunAsync(Terminal("import sys\nprint('ready', flush=True)\nprint(repr(sys.stdin.read()))"), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout.StartsWith("ready", StringComparison.Ordinal));
            if (typed.Length > 0) await conversation.StdinAsync(typed);
            await conversation.EndStdinAsync();
        });

        run.Stdout.ShouldEndWith($"{read}\r\n");
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task An_interrupt_reaches_the_foreground_by_key_and_by_signal()
    {
        const string code = """
            import subprocess, time
            for round in (1, 2):
                try: subprocess.run(['sh', '-c', f'echo child {round}; sleep 100'])
                except KeyboardInterrupt: print('interrupted', round, flush=True)
            """;

        var run = await worker.RunAsync(Terminal(code), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout.Contains("child 1", StringComparison.Ordinal));
            await conversation.StdinAsync("\u0003");
            await Eventually.TrueAsync(() => conversation.Stdout.Contains("child 2", StringComparison.Ordinal));
            await conversation.SignalAsync(2);
        });

        run.Stdout.ShouldContain("interrupted 1");
        run.Stdout.ShouldContain("interrupted 2");
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
    }

    [Fact]
    public async Task Bytes_pass_a_raw_terminal_as_they_are_and_much_output_arrives_whole()
    {
        var run = await worker.RunAsync(Terminal("""
            import os, sys, tty
            tty.setraw(0)
            os.write(1, b'ready')
            got = b''
            while len(got) < 6: got += os.read(0, 100)
            os.write(1, repr(got).encode())
            for i in range(2000): os.write(1, b'%0100d' % i)
            """), async conversation =>
        {
            await Eventually.TrueAsync(() => conversation.Stdout == "ready");
            await conversation.SendAsync(RunMessageKind.Stdin, [0, 3, 4, 13, 26, 255]);
        });

        run.Stdout.ShouldBe("ready" + @"b'\x00\x03\x04\r\x1a\xff'" + string.Concat(Enumerable.Range(0, 2000).Select(number => $"{number:D100}")));
    }

    [Fact]
    public async Task A_flood_a_daemon_and_a_closed_terminal_end_as_they_do_without_one()
    {
        var flood = await worker.RunAsync(Terminal("while True: print('x' * 1000)") with { Limits = new RunLimits { OutputBytes = 10_000 } });
        var daemon = await worker.RunAsync(Terminal("import os, time\nif os.fork() == 0:\n  os.setsid()\n  time.sleep(100)\nprint('done')"));
        var closed = await worker.RunAsync(Terminal("import os, time\nfor fd in (0, 1, 2): os.close(fd)\ntime.sleep(0.2)\nos._exit(3)"), _ => Task.CompletedTask);

        flood.Result!.Verdict.ShouldBe(RunVerdict.OutputLimit);
        flood.Stdout.Length.ShouldBe(10_000);
        daemon.Stdout.ShouldBe("done\r\n");
        daemon.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        closed.Result!.ExitCode.ShouldBe(3);
    }

    private static RunRequest Terminal(string code) => WorkerHarness.Python(code) with { Terminal = Size };
}
