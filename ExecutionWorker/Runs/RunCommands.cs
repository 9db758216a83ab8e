using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Commands with the limits of their language.</summary>
internal static class RunCommands
{
    private const long Megabyte = 1024 * 1024;

    public static SandboxCommand Compile(Language language, IReadOnlyList<string> arguments) => Create(language, arguments) with
    {
        WallTime = TimeSpan.FromSeconds(language.Limits.CompileSeconds),
        CpuTime = TimeSpan.FromSeconds(language.Limits.CompileSeconds),
    };

    public static SandboxCommand Run(Language language, IReadOnlyList<string> arguments) => Create(language, arguments) with { WithStdin = true };

    private static SandboxCommand Create(Language language, IReadOnlyList<string> arguments) => new()
    {
        Arguments = arguments,
        WallTime = TimeSpan.FromSeconds(language.Limits.WallSeconds),
        CpuTime = TimeSpan.FromSeconds(language.Limits.CpuSeconds),
        OutputBytes = language.Limits.OutputBytes,
        FileBytes = language.Limits.WorkMegabytes * Megabyte,
        OpenFiles = language.Limits.OpenFiles,
    };
}
