using System.Diagnostics;
using System.Text;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.Bench;

/// <summary>A program in a ready sandbox, with nothing in between: the floor of everything that runs code.</summary>
internal static class BareRun
{
    /// <summary>Compiles where the language does and runs; from the first frame to the exit report.</summary>
    public static async Task<TimeSpan> MeasureAsync(Sandbox sandbox, Language language, string code, string expected, CancellationToken cancellationToken)
    {
        var file = new RunFile(language.File, Encoding.UTF8.GetBytes(code));
        var plan = new RunPlan(language, new RunRequest { Language = language.Id, Files = [file] });
        var output = new Collector();
        var began = Stopwatch.GetTimestamp();
        if (plan.Compile is { } compiler)
        {
            await sandbox.StartAsync([file], compiler, cancellationToken);
            await sandbox.FollowAsync(output, TimeSpan.FromMinutes(2), cancellationToken);
        }

        await sandbox.StartAsync(plan.Compile is null ? [file] : [], plan.Program, cancellationToken);
        var exit = await sandbox.FollowAsync(output, TimeSpan.FromMinutes(2), cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        return exit.Code == 0 && output.Text.EndsWith(expected, StringComparison.Ordinal) ? elapsed : throw new InvalidOperationException($"The floor's run failed: {output.Text}");
    }

    private sealed class Collector : ISandboxOutput
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            _text.Append(Encoding.UTF8.GetString(data.Span));
            return ValueTask.CompletedTask;
        }

        public ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
