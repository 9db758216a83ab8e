using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;

namespace Platform.ExecutionWorker.Tests.Runs;

public sealed class RunPlanTests
{
    private static readonly RunRequest Request = new() { Language = "python", Files = [new RunFile("main.py", "x"u8.ToArray())] };

    private readonly Language _python = LanguageCatalog.Load("languages.yaml").Find("python")!;

    [Fact]
    public void Without_limits_of_its_own_a_run_has_the_languages_and_the_engine_is_not_asked()
    {
        var plan = new RunPlan(_python, Request);

        plan.SandboxLimits.ShouldBeNull();
        plan.Program.CpuTime.ShouldBe(TimeSpan.FromSeconds(_python.Limits.CpuSeconds));
        plan.Program.OutputBytes.ShouldBe(_python.Limits.OutputBytes);
        plan.Program.WithStdin.ShouldBeTrue();
        plan.Compile.ShouldBeNull();
        plan.Check!.Arguments[^1].ShouldBe("main.py");
    }

    [Fact]
    public void A_limit_can_be_lowered_never_raised_and_never_switched_off()
    {
        var lower = RunPlan.Lower(_python.Limits, new RunLimits { CpuSeconds = 1, WallSeconds = 1000, MemoryMegabytes = 64, Processes = 0, OutputBytes = -5, CompileSeconds = 0 });

        lower.CpuSeconds.ShouldBe(1);
        lower.WallSeconds.ShouldBe(_python.Limits.WallSeconds);
        lower.MemoryMegabytes.ShouldBe(64);
        lower.Processes.ShouldBe(2);
        lower.OutputBytes.ShouldBe(0);
        lower.CompileSeconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Only_what_is_lower_is_asked_of_the_engine()
    {
        var memory = new RunPlan(_python, Request with { Limits = new RunLimits { MemoryMegabytes = 64 } }).SandboxLimits!;
        var processes = new RunPlan(_python, Request with { Limits = new RunLimits { Processes = 5, MemoryMegabytes = 100_000 } }).SandboxLimits!;

        memory.Memory.ShouldBe(64 << 20);
        memory.Pids.ShouldBeNull();
        processes.Memory.ShouldBeNull();
        processes.Pids.ShouldBe(5);
        new RunPlan(_python, Request with { Limits = new RunLimits { CpuSeconds = 1 } }).SandboxLimits.ShouldBeNull();
    }

    [Fact]
    public void A_compiler_has_its_own_time_and_no_terminal_and_stands_in_for_a_check()
    {
        var plan = new RunPlan(
            _python with { Compile = ["compile", "{file}"], Check = null }, Request with { Terminal = new TerminalSize(80, 25), Limits = new RunLimits { CompileSeconds = 2, OutputBytes = 1 } });

        plan.Compile!.WallTime.ShouldBe(TimeSpan.FromSeconds(2));
        plan.Compile.Terminal.ShouldBeNull();
        plan.Compile.OutputBytes.ShouldBe(_python.Limits.OutputBytes);
        plan.Check!.Arguments.ShouldBe(["compile", "main.py"]);
        plan.Program.Terminal.ShouldBe(new TerminalSize(80, 25));
        plan.Program.Environment["TERM"].ShouldBe("xterm-256color");
    }

    [Fact]
    public void The_callers_terminal_type_stays() =>
        new RunPlan(_python, Request with { Terminal = new TerminalSize(80, 25), Environment = new Dictionary<string, string> { ["TERM"] = "dumb" } })
            .Program.Environment["TERM"].ShouldBe("dumb");

    public static TheoryData<string, RunRequest> BadRequests => new()
    {
        { "1 to 1000 files", Request with { Files = [] } },
        { "1 to 1000 files", Request with { Files = [.. Enumerable.Range(0, 1001).Select(number => new RunFile($"{number}", []))] } },
        { "path of a file", Request with { Files = [new RunFile("a/./b", [])] } },
        { "path of a file", Request with { Files = [new RunFile(new string('x', 300), [])] } },
        { "path of a file", Request with { Files = [new RunFile(string.Join('/', Enumerable.Repeat("x", 1000)), [])] } },
        { "the same path", Request with { Files = [new RunFile("a", []), new RunFile("a", [])] } },
        { "in the way", Request with { Files = [new RunFile("a/b/c", []), new RunFile("a/b", [])] } },
        { "no content", Request with { Files = [new RunFile("a", null!)] } },
        { "larger than", Request with { Files = [new RunFile("a", new byte[65 << 20])] } },
        { "name of a variable", Request with { Environment = new Dictionary<string, string> { ["A=B"] = "c" } } },
        { "name of a variable", Request with { Environment = new Dictionary<string, string> { [""] = "c" } } },
        { "zero byte", Request with { Environment = new Dictionary<string, string> { ["A"] = "b\0" } } },
        { "zero byte", Request with { Arguments = ["a\0b"] } },
        { "too long", Request with { Arguments = [new string('x', 128 * 1024)] } },
        { "too long", Request with { Arguments = [.. Enumerable.Repeat(new string('x', 100_000), 3)] } },
        { "too many", Request with { Arguments = [.. Enumerable.Repeat("x", 4000)] } },
        { "1000 inputs", Request with { Inputs = [.. Enumerable.Repeat(Array.Empty<byte>(), 1001)] } },
        { "terminal", Request with { Inputs = [[]], Terminal = new TerminalSize(1, 1) } },
    };

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public void A_bad_request_is_told_what_is_wrong(string problem, RunRequest request) =>
        RunRequestCheck.Problem(request, _python).ShouldNotBeNull().ShouldContain(problem);

    [Fact]
    public void A_good_request_has_no_problem() => RunRequestCheck.Problem(
        Request with
        {
            Files = [new RunFile("a/b.py", []), new RunFile("a.py", []), new RunFile("..a", [])],
            Arguments = [new string('x', 128 * 1024 - 1), ""],
            Environment = new Dictionary<string, string> { ["A"] = "b=c" },
            Inputs = [[], new byte[100_000]],
        }, _python).ShouldBeNull();

    [Fact]
    public void The_first_verdict_in_their_order_decides_over_many_inputs()
    {
        var sum = new InputSum();
        sum.Result.Verdict.ShouldBe(RunVerdict.Ok);

        sum.Add(new RunResult { Verdict = RunVerdict.Ok, ExitCode = 0, WallTime = TimeSpan.FromSeconds(1), MemoryBytes = 7 });
        sum.Add(new RunResult { Verdict = RunVerdict.TimeLimit, Signal = "SIGKILL", WallTime = TimeSpan.FromSeconds(2), MemoryBytes = 5 });
        sum.Add(new RunResult { Verdict = RunVerdict.RuntimeError, ExitCode = 1, StderrTruncated = true });

        sum.Result.Verdict.ShouldBe(RunVerdict.TimeLimit);
        sum.Result.Signal.ShouldBe("SIGKILL");
        sum.Result.WallTime.ShouldBe(TimeSpan.FromSeconds(3));
        sum.Result.MemoryBytes.ShouldBe(7);
        sum.Result.StderrTruncated.ShouldBeTrue();
    }
}
