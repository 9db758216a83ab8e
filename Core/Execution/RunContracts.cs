using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core.Execution;

/// <summary>What a sandbox is to run.</summary>
public sealed record RunRequest
{
    /// <summary>Id of the language, never an alias.</summary>
    public required string Language { get; init; }

    /// <summary>The first one is the main file.</summary>
    public required IReadOnlyList<RunFile> Files { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables of the program's environment beside those that the sandbox sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What is asked of the language's tools.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Limits below those of the language; null: the language's own.</summary>
    public RunLimits? Limits { get; init; }

    /// <summary>
    /// When there are any, the program is compiled once and run once for each, in this order; <see cref="RunMessageKind.Stdin"/> is not used then.
    /// Each end is told by <see cref="RunMessageKind.InputResult"/>.
    /// </summary>
    public IReadOnlyList<byte[]> Inputs { get; init; } = [];

    /// <summary>Somebody gives the input and reads the output while it runs: <see cref="LanguageLimits.InteractiveSeconds"/> and its like hold.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Null: pipes. Else the program has a terminal, and everything it writes is standard output.</summary>
    public TerminalSize? Terminal { get; init; }
}

/// <summary>What is asked of a language's tools.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunMode>))]
public enum RunMode
{
    /// <summary>Compile where needed, then run.</summary>
    Run,

    /// <summary>Look for syntax errors only: <see cref="Language.Check"/>, else its compiler. Nothing of the program runs.</summary>
    Check,
}

/// <summary>Limits that a request lowers; null leaves the language's own. None may be above it.</summary>
public sealed record RunLimits
{
    /// <summary>CPU seconds of all processes of the program.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Seconds from start to end.</summary>
    public double? WallSeconds { get; init; }

    /// <summary>Seconds, wall and CPU, of the compiler.</summary>
    public double? CompileSeconds { get; init; }

    /// <summary>Megabytes of the whole sandbox.</summary>
    public int? MemoryMegabytes { get; init; }

    /// <summary>Processes and threads.</summary>
    public int? Processes { get; init; }

    /// <summary>Bytes of each of the two outputs.</summary>
    public int? OutputBytes { get; init; }
}

/// <summary>Character cells of a terminal.</summary>
public sealed record TerminalSize(int Columns, int Rows);

/// <summary>The steps of a run that a caller can see.</summary>
public enum RunStage : byte
{
    Compile = 1,
    Run = 2,
}

/// <summary>A file of a run.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record RunFile(string Path, byte[] Content);

/// <summary>How a run ended. Its outputs have come before it.</summary>
public sealed record RunResult
{
    public required RunVerdict Verdict { get; init; }

    /// <summary>Exit code of the command that decided; null when it was ended by a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Name of the signal that ended it (<c>SIGSEGV</c>), or null.</summary>
    public string? Signal { get; init; }

    /// <summary>From start to end of the program.</summary>
    public TimeSpan WallTime { get; init; }

    /// <summary>Of all its processes.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>Most memory the sandbox used, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Something of stdout was cut off.</summary>
    public bool StdoutTruncated { get; init; }

    /// <summary>Something of stderr was cut off.</summary>
    public bool StderrTruncated { get; init; }

    /// <summary>One sentence for people; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>How the compiler ended; null when nothing was compiled.</summary>
    public StageResult? Compile { get; init; }
}

/// <summary>How one stage ended.</summary>
/// <param name="ExitCode">Null when a signal ended it.</param>
/// <param name="Signal">Name of the signal that ended it, or null.</param>
/// <param name="WallTime">From start to end.</param>
/// <param name="CpuTime">Of all its processes.</param>
/// <param name="MemoryBytes">Most memory the sandbox used so far.</param>
public sealed record StageResult(int? ExitCode, string? Signal, TimeSpan WallTime, TimeSpan CpuTime, long MemoryBytes);

/// <summary>Verdicts; when several hold, the first in this order is the one.</summary>
[JsonConverter(typeof(RunVerdictConverter))]
public enum RunVerdict
{
    /// <summary>The platform failed, not the program.</summary>
    InternalError,

    /// <summary>The compiler refused it, or broke its limits.</summary>
    CompileError,

    /// <summary>The kernel ended a process of it for lack of memory.</summary>
    MemoryLimit,

    /// <summary>It wrote more than it may.</summary>
    OutputLimit,

    /// <summary>It used more CPU time than it may, or ran too long and was busy.</summary>
    TimeLimit,

    /// <summary>It ran too long and mostly waited.</summary>
    IdleLimit,

    /// <summary>A signal ended it.</summary>
    Signalled,

    /// <summary>It exited with another code than 0.</summary>
    RuntimeError,

    /// <summary>It exited with 0 and its output is not the expected one; decided where the expectation is known.</summary>
    WrongAnswer,

    /// <summary>It exited with 0.</summary>
    Ok,

    /// <summary>Whoever asked for it took it back.</summary>
    Cancelled,
}

/// <summary>Why a run could not begin.</summary>
/// <param name="Code">For programs, one of the constants.</param>
/// <param name="Message">For people.</param>
public sealed record RunRefusal(string Code, string Message)
{
    /// <summary>No worker, or none that can start a sandbox.</summary>
    public const string Unavailable = "EXECUTION_UNAVAILABLE";

    /// <summary>The image of the language is not there, and nobody builds it by itself.</summary>
    public const string ImageMissing = "IMAGE_MISSING";

    /// <summary>The image of the language could not be built; the next run tries again.</summary>
    public const string ImageBuildFailed = "IMAGE_BUILD_FAILED";
}

/// <summary>Verdicts are words like <c>memory_limit</c> on every wire.</summary>
public sealed class RunVerdictConverter() : JsonStringEnumConverter<RunVerdict>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>Source-generated JSON of the run socket.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RunRefusal))]
public sealed partial class RunJson : JsonSerializerContext;
