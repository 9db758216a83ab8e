using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Runs;

public sealed class VerdictJudgeTests
{
    private static readonly SandboxExit Clean = new()
    {
        How = SandboxExitKind.Exited,
        Code = 0,
        WallTime = TimeSpan.FromSeconds(10),
        CpuTime = TimeSpan.FromSeconds(9),
    };

    private static readonly SandboxExit Killed = Clean with { How = SandboxExitKind.Signalled, Code = 9 };

    public static TheoryData<string, RunVerdict> Exits => new()
    {
        { "clean", RunVerdict.Ok },
        { "code", RunVerdict.RuntimeError },
        { "code 137", RunVerdict.RuntimeError },
        { "signal", RunVerdict.Signalled },
        { "wall, busy", RunVerdict.TimeLimit },
        { "wall, idle", RunVerdict.IdleLimit },
        { "wall, starved", RunVerdict.TimeLimit },
        { "cpu", RunVerdict.TimeLimit },
        { "cpu and output", RunVerdict.OutputLimit },
        { "memory and output", RunVerdict.MemoryLimit },
        { "memory, but exited well", RunVerdict.MemoryLimit },
        { "not started", RunVerdict.InternalError },
    };

    [Theory]
    [MemberData(nameof(Exits))]
    public void The_first_cause_in_the_order_of_verdicts_decides(string name, RunVerdict verdict) =>
        VerdictJudge.Judge(Exit(name)).Verdict.ShouldBe(verdict);

    [Fact]
    public void A_signal_has_its_name_and_no_exit_code()
    {
        var result = VerdictJudge.Judge(Killed with { Code = 11 });

        result.Signal.ShouldBe("SIGSEGV");
        result.ExitCode.ShouldBeNull();
    }

    [Fact]
    public void A_compiler_that_succeeded_decides_nothing() => VerdictJudge.JudgeCompiler(Clean).ShouldBeNull();

    [Theory]
    [InlineData("code", null)]
    [InlineData("memory and output", "The compiler ended with too little memory.")]
    [InlineData("wall, idle", "The compiler ended with too little time.")]
    public void A_compiler_that_failed_makes_a_compile_error_whatever_it_failed_of(string name, string? message)
    {
        var result = VerdictJudge.JudgeCompiler(Exit(name))!;

        result.Verdict.ShouldBe(RunVerdict.CompileError);
        result.Message.ShouldBe(message);
    }

    [Fact]
    public void A_compiler_that_could_not_be_started_is_our_fault() =>
        VerdictJudge.JudgeCompiler(Exit("not started"))!.Verdict.ShouldBe(RunVerdict.InternalError);

    private static SandboxExit Exit(string name) => name switch
    {
        "clean" => Clean,
        "code" => Clean with { Code = 1 },
        "code 137" => Clean with { Code = 137 },
        "signal" => Killed,
        "wall, busy" => Killed with { Flags = SandboxExitFlags.WallTime },
        "wall, idle" => Killed with { Flags = SandboxExitFlags.WallTime, CpuTime = TimeSpan.FromMilliseconds(20) },
        "wall, starved" => Killed with { Flags = SandboxExitFlags.WallTime | SandboxExitFlags.Busy, CpuTime = TimeSpan.FromMilliseconds(20) },
        "cpu" => Killed with { Flags = SandboxExitFlags.CpuTime },
        "cpu and output" => Killed with { Flags = SandboxExitFlags.CpuTime | SandboxExitFlags.StderrLimit },
        "memory and output" => Killed with { Flags = SandboxExitFlags.StdoutLimit, OutOfMemoryKills = 1 },
        "memory, but exited well" => Clean with { OutOfMemoryKills = 1 },
        "not started" => Clean with { How = SandboxExitKind.NotStarted, Error = 2 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such exit."),
    };
}
