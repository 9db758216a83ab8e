using System.Text;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>What a request can ask of the worker, through its socket and real sandboxes.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
[Collection(ContractCollection.Name)]
public sealed class RunContractTests(WorkerHarness worker)
{
    [Fact]
    public async Task Files_arguments_and_environment_reach_the_program()
    {
        var run = await worker.RunAsync(WorkerHarness.Python("import os, sys, lib.part\nprint(lib.part.value, sys.argv[1], os.environ['NAME'], sys.stdin.read())") with
        {
            Files =
            [
                .. WorkerHarness.Python("import os, sys, lib.part\nprint(lib.part.value, sys.argv[1], os.environ['NAME'], sys.stdin.read())").Files,
                new RunFile("lib/part.py", "value = 'from a folder'"u8.ToArray()),
            ],
            Arguments = ["an argument"],
            Environment = new Dictionary<string, string> { ["NAME"] = "a value" },
        }, async conversation =>
        {
            await conversation.StdinAsync("input");
            await conversation.EndStdinAsync();
        });

        run.Stdout.ShouldBe("from a folder an argument a value input\n");
        run.Order.ShouldBe(["Run", "Stdout"]);
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        run.Result.Compile.ShouldBeNull();
    }

    [Fact]
    public async Task A_compiler_has_its_own_stage_and_result()
    {
        var run = await worker.RunAsync(Compiled("print('ok', end='')"));

        run.Order.ShouldBe(["Compile", "Stdout", "Stderr", "Run", "Stdout"], Case.Sensitive, string.Join(',', run.Order));
        run.CompilerOutput.ShouldBe("compiling\na warning\n");
        run.Stdout.ShouldBe("ok");
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        run.Result.Compile!.ExitCode.ShouldBe(0);
        run.Result.Compile.WallTime.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("print('no')", null)]
    [InlineData("# eat all memory", "The compiler ended with too little memory.")]
    [InlineData("# compile for ever", "The compiler ended with too little time.")]
    public async Task A_compiler_that_fails_or_breaks_its_limits_is_a_compile_error_with_its_output(string code, string? message)
    {
        var run = await worker.RunAsync(Compiled(code));

        run.Result!.Verdict.ShouldBe(RunVerdict.CompileError);
        run.Result.Message.ShouldBe(message);
        run.Result.Compile.ShouldNotBeNull();
        run.CompilerOutput.ShouldContain("a warning");
        run.Order.ShouldNotContain("Run");
    }

    [Fact]
    public async Task A_check_finds_errors_and_runs_nothing()
    {
        var good = await worker.RunAsync(WorkerHarness.Python("print('never seen')") with { Mode = RunMode.Check });
        var bad = await worker.RunAsync(WorkerHarness.Python("print('never seen'\nx ==") with { Mode = RunMode.Check });
        var compiled = await worker.RunAsync(Compiled("print('never ok')") with { Mode = RunMode.Check });

        good.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        good.CompilerOutput.ShouldBeEmpty();
        bad.Result!.Verdict.ShouldBe(RunVerdict.CompileError);
        bad.CompilerOutput.ShouldContain("SyntaxError");
        compiled.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        compiled.Order.ShouldNotContain("Run");
    }

    [Fact]
    public async Task Limits_of_a_request_are_kept()
    {
        var memory = await worker.RunAsync(WorkerHarness.Python("print('begun', flush=True)\nkept = bytearray(80 << 20)\nprint('done')") with { Limits = new RunLimits { MemoryMegabytes = 40 } });
        var enough = await worker.RunAsync(WorkerHarness.Python("kept = bytearray(80 << 20)\nprint('done')") with { Limits = new RunLimits { MemoryMegabytes = 140 } });
        var wall = await worker.RunAsync(WorkerHarness.Python("import time; time.sleep(20)") with { Limits = new RunLimits { WallSeconds = 3 } });
        var cpu = await worker.RunAsync(WorkerHarness.Python("while True: pass") with { Limits = new RunLimits { CpuSeconds = 0.3 } });
        var output = await worker.RunAsync(WorkerHarness.Python("print('x' * 100)") with { Limits = new RunLimits { OutputBytes = 10 } });
        var processes = await worker.RunAsync(
            WorkerHarness.Python("import os, time\nfor i in range(10):\n  if os.fork() == 0: time.sleep(5)") with { Limits = new RunLimits { Processes = 5 } });

        memory.Result!.Verdict.ShouldBe(RunVerdict.MemoryLimit);
        memory.Stdout.ShouldBe("begun\n");
        enough.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        wall.Result!.Verdict.ShouldBe(RunVerdict.IdleLimit);
        wall.Result.WallTime.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        cpu.Result!.Verdict.ShouldBe(RunVerdict.TimeLimit);
        output.Result!.Verdict.ShouldBe(RunVerdict.OutputLimit);
        output.Stdout.ShouldBe("xxxxxxxxxx");
        output.Result.StdoutTruncated.ShouldBeTrue();
        processes.Result!.Verdict.ShouldBe(RunVerdict.RuntimeError);
        processes.Stderr.ShouldContain("BlockingIOError");
    }

    [Fact]
    public async Task Many_inputs_are_compiled_once_and_run_one_after_the_other()
    {
        var inputs = Enumerable.Range(0, 50).Select(number => Encoding.UTF8.GetBytes($"{number}\n")).ToArray();

        var run = await worker.RunAsync(Compiled("print('ok', int(input()) * 2)") with { Inputs = inputs });

        run.InputOutputs.ShouldBe(Enumerable.Range(0, 50).Select(number => $"ok {number * 2}\n"));
        run.InputResults.ShouldAllBe(result => result.Verdict == RunVerdict.Ok);
        run.Order.Count(what => what == "Compile").ShouldBe(1);
        run.Result!.Verdict.ShouldBe(RunVerdict.Ok);
        run.Result.Compile!.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_long_input_arrives_whole_and_one_that_nobody_reads_stops_nothing()
    {
        var run = await worker.RunAsync(
            WorkerHarness.Python("import sys\nfirst = sys.stdin.read(1)\nprint(len(sys.stdin.read()) if first == 'r' else 'unread')") with
            {
                Inputs = [[(byte)'r', .. new byte[1_000_000]], new byte[1_000_000], "r"u8.ToArray(), []],
            });

        run.InputOutputs.ShouldBe(["1000000\n", "unread\n", "0\n", "unread\n"]);
    }

    [Theory]
    [InlineData("python")]
    [InlineData(WorkerHarness.Compiled)]
    public async Task No_input_sees_what_an_earlier_one_left(string language)
    {
        const string code = """
            # ok
            import ctypes, os, time
            seen = sorted(name for name in os.listdir('.') if not name.startswith('__'))
            shared = ctypes.CDLL(None).shmget(77, 4096, 0)
            print(seen, os.listdir('/tmp'), os.listdir('/dev/shm'), shared, open('data').read(), [p for p in os.listdir('/proc') if p.isdigit() and p not in ('1', str(os.getpid()))], flush=True)
            ctypes.CDLL(None).shmget(77, 4096, 0o1666)
            open('left', 'w').write('x'); open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')
            open('data', 'w').write('changed')
            os.makedirs('deep/er'); os.chmod('deep', 0)
            if os.fork() == 0: os.setsid(); time.sleep(100)
            os.chmod('.', 0)
            """;

        var run = await worker.RunAsync(new RunRequest
        {
            Language = language,
            Files = [new RunFile("main.py", Encoding.UTF8.GetBytes(code)), new RunFile("data", "given"u8.ToArray())],
            Inputs = [[], [], []],
        });

        run.InputResults.Select(result => result.Verdict).ShouldBe([RunVerdict.Ok, RunVerdict.Ok, RunVerdict.Ok], run.Result!.Message);
        run.InputOutputs[0].ShouldContain("[] [] -1 given []");
        run.InputOutputs.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_worst_of_the_inputs_decides_and_the_others_run_all_the_same()
    {
        var run = await worker.RunAsync(
            WorkerHarness.Python("import sys\nwhat = input()\nprint(what)\nif what == 'memory': bytearray(1 << 30)\nif what == 'loop':\n  while True: pass\nif what == 'exit': sys.exit(7)") with
            {
                Inputs = ["fine"u8.ToArray(), "exit"u8.ToArray(), "memory"u8.ToArray(), "loop"u8.ToArray(), "fine"u8.ToArray()],
                Limits = new RunLimits { CpuSeconds = 1 },
            });

        run.InputResults.Select(result => result.Verdict).ShouldBe([RunVerdict.Ok, RunVerdict.RuntimeError, RunVerdict.MemoryLimit, RunVerdict.TimeLimit, RunVerdict.Ok]);
        run.InputOutputs.ShouldBe(["fine\n", "exit\n", "memory\n", "loop\n", "fine\n"]);
        run.Result!.Verdict.ShouldBe(RunVerdict.MemoryLimit);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a/../../x")]
    [InlineData("")]
    [InlineData("main.py")]
    [InlineData("main.py/x")]
    [InlineData("a\0b")]
    public async Task A_request_with_a_bad_path_is_refused_before_a_sandbox_is_taken(string path)
    {
        var request = WorkerHarness.Python("print(1)");

        var run = await worker.RunAsync(request with { Files = [.. request.Files, new RunFile(path, [])] });

        run.Result!.Verdict.ShouldBe(RunVerdict.InternalError);
        run.Result.Message!.ShouldStartWith("The request was refused");
        run.Order.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_language_whose_image_is_missing_and_cannot_be_built_is_not_available()
    {
        var run = await worker.RunAsync(WorkerHarness.Python("print(1)") with { Language = "no-image" });

        run.Unavailable.ShouldBe(new RunRefusal(RunRefusal.ImageMissing, "The image of Python is not there yet."));
    }

    private static RunRequest Compiled(string code) => WorkerHarness.Python(code) with { Language = WorkerHarness.Compiled };
}
