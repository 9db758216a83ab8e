using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>What a request means for its language: commands, and limits that it may have lowered.</summary>
internal sealed class RunPlan
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>The engine takes no less, and a supervisor needs some of it.</summary>
    private const int LeastMegabytes = 8;

    /// <summary>The supervisor and the program itself.</summary>
    private const int LeastProcesses = 2;

    private const double LeastSeconds = 0.01;

    private readonly LanguageLimits _limits;

    public RunPlan(Language language, RunRequest request)
    {
        Language = language;
        Request = request;
        _limits = Lower(request.IsInteractive ? Interactive(language.Limits) : language.Limits, request.Limits);
        Program = Command(Fill(language.Run), request.Arguments) with { WithStdin = true };
        if (language.Compile is { } compiler) Compile = CompileCommand(Fill(compiler));
        if ((language.Check ?? language.Compile) is { } check) Check = CompileCommand(Fill(check));
    }

    public Language Language { get; }

    public RunRequest Request { get; }

    /// <summary>Null: there is nothing to compile.</summary>
    public SandboxCommand? Compile { get; }

    /// <summary>Null: nothing can look for errors without running the program.</summary>
    public SandboxCommand? Check { get; }

    public SandboxCommand Program { get; }

    /// <summary>What is less than a sandbox of the language has from its start; null, as usual: nothing.</summary>
    public ContainerLimits? SandboxLimits
    {
        get
        {
            var full = Language.Limits;
            if (_limits.MemoryMegabytes == full.MemoryMegabytes && _limits.Processes == full.Processes) return null;
            return new ContainerLimits
            {
                Memory = _limits.MemoryMegabytes == full.MemoryMegabytes ? null : _limits.MemoryMegabytes * Megabyte,
                Pids = _limits.Processes == full.Processes ? null : _limits.Processes,
            };
        }
    }

    /// <summary>The language's limits with those of the request where they are lower; nothing can raise them.</summary>
    public static LanguageLimits Lower(LanguageLimits full, RunLimits? asked) => asked is null ? full : full with
    {
        CpuSeconds = Seconds(full.CpuSeconds, asked.CpuSeconds),
        WallSeconds = Seconds(full.WallSeconds, asked.WallSeconds),
        CompileSeconds = Seconds(full.CompileSeconds, asked.CompileSeconds),
        MemoryMegabytes = Count(full.MemoryMegabytes, asked.MemoryMegabytes, LeastMegabytes),
        Processes = Count(full.Processes, asked.Processes, LeastProcesses),
        OutputBytes = Count(full.OutputBytes, asked.OutputBytes, 0),
    };

    private static LanguageLimits Interactive(LanguageLimits limits) => limits with
    {
        WallSeconds = Math.Max(limits.WallSeconds, limits.InteractiveSeconds),
        OutputBytes = Math.Max(limits.OutputBytes, limits.InteractiveOutputBytes),
    };

    private static double Seconds(double full, double? asked) => Math.Min(full, Math.Max(asked ?? full, LeastSeconds));

    private static int Count(int full, int? asked, int least) => Math.Min(full, Math.Max(asked ?? full, least));

    private IReadOnlyList<string> Fill(IReadOnlyList<string> arguments) => Language.Fill(arguments, [.. Request.Files.Select(file => file.Path)]);

    private SandboxCommand CompileCommand(IReadOnlyList<string> arguments) => Command(arguments, []) with
    {
        WallTime = TimeSpan.FromSeconds(_limits.CompileSeconds),
        CpuTime = TimeSpan.FromSeconds(_limits.CompileSeconds),
        OutputBytes = Language.Limits.OutputBytes,
        Terminal = null,
    };

    private SandboxCommand Command(IReadOnlyList<string> command, IReadOnlyList<string> arguments) => new()
    {
        Arguments = [.. command, .. arguments],
        Environment = Environment(),
        Terminal = Request.Terminal,
        WallTime = TimeSpan.FromSeconds(_limits.WallSeconds),
        CpuTime = TimeSpan.FromSeconds(_limits.CpuSeconds),
        OutputBytes = _limits.OutputBytes,
        FileBytes = _limits.WorkMegabytes * Megabyte,
        OpenFiles = _limits.OpenFiles,
    };

    private IReadOnlyDictionary<string, string> Environment()
    {
        if (Request.Terminal is null || Request.Environment.ContainsKey("TERM")) return Request.Environment;
        return new Dictionary<string, string>(Request.Environment) { ["TERM"] = "xterm-256color" };
    }
}
