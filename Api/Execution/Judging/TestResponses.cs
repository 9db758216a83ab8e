using Platform.Core.Execution;

namespace Platform.Api.Execution.Judging;

/// <summary>Tests that were run together, and how that ended.</summary>
internal sealed record JudgedGroup(IReadOnlyList<RunTest> Tests, RunResult Result, TestTranscript? Transcript);

/// <summary>Words the outcome of a program with tests.</summary>
internal static class TestResponses
{
    public static ExecuteResponse Of(Guid id, IReadOnlyList<RunTest> tests, IReadOnlyList<JudgedGroup> judged)
    {
        var done = judged.SelectMany(group => group.Transcript?.Done ?? []).ToDictionary(test => test.Index);
        var last = judged[^1];
        var all = tests.Select(test => done.GetValueOrDefault(test.Index) ?? NotRun(test)).ToList();
        var verdict = Verdict(all, last.Result);
        var shown = all.Find(test => test.Status is not null && test.Status != RunVerdict.Ok) ?? all.FindLast(test => test.Status is not null);
        var basis = ExecuteResponses.Of(id, last.Result with { Verdict = verdict }, AsRun(last.Transcript));
        var compile = ExecuteResponses.Compile(judged[0].Result, judged[0].Transcript?.Compile);
        var answer = basis with
        {
            Compile = compile,
            Tests = all,
            Score = Math.Round((double)all.Count(test => test.Status == RunVerdict.Ok) / all.Count, 4),
        };
        if (shown is null || verdict == RunVerdict.CompileError) return answer with { Stderr = CompilerText(verdict, compile, answer) };
        return answer with
        {
            Stdout = shown.Stdout,
            StdoutEncoding = shown.StdoutEncoding,
            Stderr = shown.Stderr,
            StderrEncoding = shown.StderrEncoding,
            ExitCode = shown.ExitCode,
            Signal = shown.Signal,
            TimeMs = all.Max(test => test.TimeMs),
            CpuTimeMs = all.Max(test => test.CpuTimeMs),
            MemoryKb = all.Max(test => test.MemoryKb),
            Truncated = shown.Truncated,
            Message = last.Result.Message ?? shown.Message,
        };
    }

    /// <summary>The first in the order of verdicts; what ended the run as a whole counts when it left tests behind.</summary>
    private static RunVerdict Verdict(List<TestResponse> all, RunResult last)
    {
        if (last.Verdict is RunVerdict.CompileError or RunVerdict.InternalError or RunVerdict.Cancelled) return last.Verdict;
        if (all.Exists(test => test.Status is null)) return last.Verdict == RunVerdict.Ok ? RunVerdict.InternalError : last.Verdict;
        return all.Min(test => test.Status!.Value);
    }

    private static string CompilerText(RunVerdict verdict, CompileResponse? compile, ExecuteResponse answer) =>
        verdict == RunVerdict.CompileError && compile is { Output.Length: > 0, Encoding: "utf8" } ? compile.Output : answer.Stderr;

    private static RunTranscript? AsRun(TestTranscript? transcript)
    {
        if (transcript is null) return null;
        var rest = new RunTranscript(Math.Max(transcript.Rest.Stdout.Bytes.Length, transcript.Rest.Stderr.Bytes.Length));
        rest.Run.Append(isError: false, transcript.Rest.Stdout.Bytes);
        rest.Run.Append(isError: true, transcript.Rest.Stderr.Bytes);
        return rest;
    }

    private static TestResponse NotRun(RunTest test) => new()
    {
        Index = test.Index,
        Name = test.Name,
        Status = null,
        Stdout = "",
        StdoutEncoding = "utf8",
        Stderr = "",
        StderrEncoding = "utf8",
        ExitCode = null,
        Signal = null,
        TimeMs = 0,
        CpuTimeMs = 0,
        MemoryKb = 0,
        Truncated = new TruncatedResponse(false, false),
        Message = null,
    };
}
