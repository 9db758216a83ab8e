using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Runs;

/// <summary>The result of a run with several inputs: the first verdict in the order of verdicts, and all that was used.</summary>
internal sealed class InputSum
{
    public RunResult Result { get; private set; } = new() { Verdict = RunVerdict.Ok, ExitCode = 0 };

    public void Add(RunResult next)
    {
        var decides = next.Verdict < Result.Verdict ? next : Result;
        Result = decides with
        {
            WallTime = Result.WallTime + next.WallTime,
            CpuTime = Result.CpuTime + next.CpuTime,
            MemoryBytes = Math.Max(Result.MemoryBytes, next.MemoryBytes),
            StdoutTruncated = Result.StdoutTruncated || next.StdoutTruncated,
            StderrTruncated = Result.StderrTruncated || next.StderrTruncated,
        };
    }
}
