using System.Globalization;
using System.Text;
using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Piston;

/// <summary>Words outcomes as Piston does, which has them from isolate.</summary>
internal static class PistonResults
{
    public static PistonExecuteResponse Of(Language language, RunResult result, RunTranscript? transcript)
    {
        var failed = result.Verdict == RunVerdict.CompileError;
        PistonStageResponse? compile = null;
        if (failed) compile = Stage(result, transcript?.Compile ?? transcript?.Run);
        else if (result.Compile is not null || transcript?.Compile is not null) compile = Compiled(result.Compile, transcript?.Compile);
        // Where nothing was run its clients expect the compiler's part again.
        return new PistonExecuteResponse(compile, failed ? compile! : Stage(result, transcript?.Run), language.Id, language.Version);
    }

    /// <summary>What a stage ended with: exit code and signal.</summary>
    public static (int? Code, string? Signal) Exit(RunResult result)
    {
        if (result.Verdict is RunVerdict.TimeLimit or RunVerdict.IdleLimit or RunVerdict.OutputLimit or RunVerdict.MemoryLimit or RunVerdict.Cancelled) return (null, "SIGKILL");
        if (result.Verdict == RunVerdict.CompileError && result.Compile is { } compile) return (compile.ExitCode, compile.Signal);
        return (result.ExitCode, result.Signal);
    }

    private static PistonStageResponse Compiled(StageResult? stage, StageTranscript? output) => new(
        Text(output?.Stdout),
        Text(output?.Stderr),
        stage?.ExitCode ?? 0,
        stage?.Signal,
        Text(output?.Both),
        stage?.MemoryBytes,
        null,
        null,
        stage is null ? null : Milliseconds.Of(stage.CpuTime),
        stage is null ? null : Milliseconds.Of(stage.WallTime));

    private static PistonStageResponse Stage(RunResult result, StageTranscript? output)
    {
        var (code, signal) = Exit(result);
        var (status, message) = Status(result, code, signal);
        return new PistonStageResponse(
            Text(output?.Stdout),
            Text(output?.Stderr),
            code,
            signal,
            Text(output?.Both),
            result.MemoryBytes,
            message,
            status,
            Milliseconds.Of(result.CpuTime),
            Milliseconds.Of(result.WallTime));
    }

    private static (string? Status, string? Message) Status(RunResult result, int? code, string? signal) => result.Verdict switch
    {
        RunVerdict.Ok or RunVerdict.WrongAnswer => (null, null),
        RunVerdict.RuntimeError => ("RE", string.Create(CultureInfo.InvariantCulture, $"Exited with error status {code}")),
        RunVerdict.CompileError when signal is null && code is not null => ("RE", string.Create(CultureInfo.InvariantCulture, $"Exited with error status {code}")),
        RunVerdict.CompileError => ("SG", result.Message ?? $"Caught fatal signal {signal}"),
        RunVerdict.Signalled => ("SG", $"Caught fatal signal {signal}"),
        RunVerdict.MemoryLimit => ("SG", "Memory limit exceeded"),
        RunVerdict.TimeLimit => ("TO", "Time limit exceeded"),
        RunVerdict.IdleLimit => ("TO", "Time limit exceeded (wall clock)"),
        RunVerdict.OutputLimit when result is { StderrTruncated: true, StdoutTruncated: false } => ("EL", "stderr length exceeded"),
        RunVerdict.OutputLimit => ("OL", "stdout length exceeded"),
        RunVerdict.Cancelled => ("SG", "Cancelled"),
        _ => ("XX", result.Message ?? "Internal error"),
    };

    /// <summary>Its strings are all there is: bytes that are no UTF-8 become replacement characters, once and not at every piece.</summary>
    private static string Text(RunOutput? output) => output is null ? "" : Encoding.UTF8.GetString(output.Bytes);
}
