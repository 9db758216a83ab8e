using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Turns a supervisor's report into a verdict.</summary>
internal static class VerdictJudge
{
    /// <summary>A program that used less of its time than this was waiting, not working.</summary>
    private const double BusyShare = 0.1;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [10] = "SIGUSR1",
        [11] = "SIGSEGV",
        [12] = "SIGUSR2",
        [13] = "SIGPIPE",
        [14] = "SIGALRM",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    /// <summary>The result of the program itself.</summary>
    public static RunResult Judge(SandboxExit exit) => Describe(exit, Verdict(exit), exit.How == SandboxExitKind.NotStarted
        ? $"The command could not be started (error {exit.Error})."
        : null);

    /// <summary>The result when the compiler did not succeed, or null when it did.</summary>
    public static RunResult? JudgeCompiler(SandboxExit exit) => Verdict(exit) switch
    {
        RunVerdict.Ok => null,
        RunVerdict.InternalError => Judge(exit),
        var cause => Describe(exit, RunVerdict.CompileError, cause == RunVerdict.RuntimeError ? null : $"The compiler ended with {Word(cause)}."),
    };

    /// <summary>The compiler's part of the result.</summary>
    public static StageResult Stage(SandboxExit exit) => new(
        exit.How == SandboxExitKind.Exited ? exit.Code : null, SignalOf(exit), exit.WallTime, exit.CpuTime, exit.MemoryBytes);

    /// <summary>The kernel ended the whole sandbox.</summary>
    public static RunResult OutOfMemory(bool compiling) => new()
    {
        Verdict = compiling ? RunVerdict.CompileError : RunVerdict.MemoryLimit,
        Signal = Signals[9],
        Message = compiling ? "The compiler ran out of memory." : null,
    };

    private static RunVerdict Verdict(SandboxExit exit)
    {
        if (exit.How == SandboxExitKind.NotStarted) return RunVerdict.InternalError;
        if (exit.OutOfMemoryKills > 0) return RunVerdict.MemoryLimit;
        if (exit.Flags.HasFlag(SandboxExitFlags.StdoutLimit) || exit.Flags.HasFlag(SandboxExitFlags.StderrLimit)) return RunVerdict.OutputLimit;
        if (exit.Flags.HasFlag(SandboxExitFlags.CpuTime)) return RunVerdict.TimeLimit;
        if (exit.Flags.HasFlag(SandboxExitFlags.WallTime))
            return IsBusy(exit) ? RunVerdict.TimeLimit : RunVerdict.IdleLimit;
        if (exit.How == SandboxExitKind.Signalled) return RunVerdict.Signalled;
        return exit.Code == 0 ? RunVerdict.Ok : RunVerdict.RuntimeError;
    }

    /// <summary>Little processor time alone is no idleness: on a busy machine a loop gets no more.</summary>
    private static bool IsBusy(SandboxExit exit) => exit.Flags.HasFlag(SandboxExitFlags.Busy) || exit.CpuTime >= exit.WallTime * BusyShare;

    private static RunResult Describe(SandboxExit exit, RunVerdict verdict, string? message) => new()
    {
        Verdict = verdict,
        ExitCode = exit.How == SandboxExitKind.Exited ? exit.Code : null,
        Signal = SignalOf(exit),
        WallTime = exit.WallTime,
        CpuTime = exit.CpuTime,
        MemoryBytes = exit.MemoryBytes,
        StdoutTruncated = exit.Flags.HasFlag(SandboxExitFlags.StdoutLimit),
        StderrTruncated = exit.Flags.HasFlag(SandboxExitFlags.StderrLimit),
        Message = message,
    };

    private static string? SignalOf(SandboxExit exit) =>
        exit.How == SandboxExitKind.Signalled ? Signals.GetValueOrDefault(exit.Code, $"SIG{exit.Code}") : null;

    private static string Word(RunVerdict cause) => cause switch
    {
        RunVerdict.MemoryLimit => "too little memory",
        RunVerdict.OutputLimit => "too much output",
        RunVerdict.TimeLimit or RunVerdict.IdleLimit => "too little time",
        RunVerdict.Signalled => "a signal",
        _ => "an error",
    };
}
