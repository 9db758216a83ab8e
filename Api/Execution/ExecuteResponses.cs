using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Words the outcome of a run.</summary>
internal static class ExecuteResponses
{
    /// <param name="id">What the answer is known by.</param>
    /// <param name="result">What the worker reported.</param>
    /// <param name="transcript">What it sent before; null when no worker came.</param>
    public static ExecuteResponse Of(Guid id, RunResult result, RunTranscript? transcript)
    {
        var run = transcript?.Run ?? new StageTranscript(0, interleaved: false);
        // A program that the compiler refused has no output of its own; what callers look for is what the compiler said.
        if (result.Verdict == RunVerdict.CompileError && transcript?.Compile is { } refused) run = AsErrors(refused);
        var (stdout, stdoutEncoding) = run.Stdout.Read(result.StdoutTruncated);
        var (stderr, stderrEncoding) = run.Stderr.Read(result.StderrTruncated);
        return new ExecuteResponse
        {
            Id = id,
            Status = result.Verdict,
            Stdout = stdout,
            StdoutEncoding = stdoutEncoding,
            Stderr = stderr,
            StderrEncoding = stderrEncoding,
            ExitCode = result.ExitCode,
            Signal = result.Signal,
            TimeMs = Milliseconds.Of(result.WallTime),
            CpuTimeMs = Milliseconds.Of(result.CpuTime),
            MemoryKb = result.MemoryBytes / 1024,
            Truncated = new TruncatedResponse(result.StdoutTruncated || run.Stdout.Truncated, result.StderrTruncated || run.Stderr.Truncated),
            Message = result.Message,
            Compile = Compile(result, transcript?.Compile),
            Tests = null,
            Score = null,
        };
    }

    /// <summary>An answer without a run.</summary>
    public static ExecuteResponse Of(Guid id, RunVerdict verdict, string? message) => Of(id, new RunResult { Verdict = verdict, Message = message }, null);

    public static CompileResponse? Compile(RunResult result, StageTranscript? transcript)
    {
        if (transcript is null && result.Compile is null) return null;
        var said = AsErrors(transcript ?? new StageTranscript(0, interleaved: false)).Stderr;
        var (output, encoding) = said.Read(said.Truncated);
        var stage = result.Compile ?? new StageResult(null, null, TimeSpan.Zero, TimeSpan.Zero, 0);
        return new CompileResponse(
            output,
            encoding,
            said.Truncated,
            stage.ExitCode,
            stage.Signal,
            Milliseconds.Of(stage.WallTime),
            Milliseconds.Of(stage.CpuTime),
            stage.MemoryBytes / 1024);
    }

    /// <summary>Some compilers write errors to one output, some to the other.</summary>
    private static StageTranscript AsErrors(StageTranscript compile)
    {
        var both = new StageTranscript(compile.Stdout.Bytes.Length + compile.Stderr.Bytes.Length, interleaved: false);
        both.Append(isError: true, compile.Stdout.Bytes);
        both.Append(isError: true, compile.Stderr.Bytes);
        if (compile.Stdout.Truncated || compile.Stderr.Truncated) both.Stderr.Cut();
        return both;
    }
}
