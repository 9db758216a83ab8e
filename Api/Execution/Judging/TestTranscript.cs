using Platform.Core.Execution;

namespace Platform.Api.Execution.Judging;

/// <summary>Listens to a program that is run with one input after another, and judges each at its end, so that its output need not be kept whole.</summary>
internal sealed class TestTranscript(IReadOnlyList<RunTest> tests, int outputBytes, int keptBytes, IRunWatcher? watcher) : IRunListener
{
    private readonly List<TestResponse> _done = [];
    private StageTranscript _current = new(outputBytes, interleaved: false);
    private StageTranscript? _compile;
    private bool _compiling;

    public StageTranscript? Compile => _compile;

    /// <summary>The tests that were run.</summary>
    public IReadOnlyList<TestResponse> Done => _done;

    /// <summary>What was printed since the last test ended.</summary>
    public StageTranscript Rest => _current;

    public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken)
    {
        _compiling = stage == RunStage.Compile;
        if (_compiling) _compile ??= new StageTranscript(outputBytes, interleaved: false);
        return watcher?.OnStageAsync(stage, cancellationToken) ?? ValueTask.CompletedTask;
    }

    public ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        (_compiling ? _compile! : _current).Append(isError, data.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken)
    {
        if (_done.Count == tests.Count) return ValueTask.CompletedTask;
        var test = tests[_done.Count];
        _done.Add(Judge(test, result, _current));
        _current = new StageTranscript(outputBytes, interleaved: false);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken) =>
        watcher?.OnProgressAsync(text, cancellationToken) ?? ValueTask.CompletedTask;

    private TestResponse Judge(RunTest test, RunResult result, StageTranscript output)
    {
        var verdict = result.Verdict;
        if (verdict == RunVerdict.Ok && test.Expected is { } expected && !OutputCheck.Passes(test.Checker, output.Stdout.Bytes, expected, test.Tolerance))
            verdict = RunVerdict.WrongAnswer;
        output.Stdout.Shorten(keptBytes);
        output.Stderr.Shorten(keptBytes);
        var (stdout, stdoutEncoding) = output.Stdout.Read(result.StdoutTruncated);
        var (stderr, stderrEncoding) = output.Stderr.Read(result.StderrTruncated);
        return new TestResponse
        {
            Index = test.Index,
            Name = test.Name,
            Status = verdict,
            Stdout = stdout,
            StdoutEncoding = stdoutEncoding,
            Stderr = stderr,
            StderrEncoding = stderrEncoding,
            ExitCode = result.ExitCode,
            Signal = result.Signal,
            TimeMs = Milliseconds.Of(result.WallTime),
            CpuTimeMs = Milliseconds.Of(result.CpuTime),
            MemoryKb = result.MemoryBytes / 1024,
            Truncated = new TruncatedResponse(result.StdoutTruncated || output.Stdout.Truncated, result.StderrTruncated || output.Stderr.Truncated),
            Message = verdict == RunVerdict.WrongAnswer ? "The output is not the expected one." : result.Message,
        };
    }
}

/// <summary>A test of a request, ready to be run.</summary>
internal sealed record RunTest(
    int Index,
    string? Name,
    byte[] Stdin,
    byte[]? Expected,
    OutputChecker Checker,
    FloatToleranceRequest? Tolerance,
    IReadOnlyList<string> Args,
    double? CpuSeconds,
    double? WallSeconds)
{
    public static RunTest From(ExecuteRequest request, ExecuteTestRequest test, int index) => new(
        index,
        test.Name,
        ContentText.Decode(test.Stdin, test.Encoding),
        test.Expected is null ? null : ContentText.Decode(test.Expected, test.Encoding),
        test.Checker ?? OutputChecker.Trimmed,
        test.Tolerance,
        test.Args ?? request.Args ?? [],
        test.CpuSeconds ?? request.Limits?.CpuSeconds,
        test.WallSeconds ?? request.Limits?.WallSeconds);

    /// <summary>Tests that one run can take: a run has one command line and one set of limits.</summary>
    public bool SharesRunWith(RunTest other) =>
        Args.SequenceEqual(other.Args, StringComparer.Ordinal) && CpuSeconds.Equals(other.CpuSeconds) && WallSeconds.Equals(other.WallSeconds);
}
