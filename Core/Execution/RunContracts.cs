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
}

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

    /// <summary>It exited with 0.</summary>
    Ok,
}

/// <summary>Verdicts are words like <c>memory_limit</c> on every wire.</summary>
public sealed class RunVerdictConverter() : JsonStringEnumConverter<RunVerdict>(JsonNamingPolicy.SnakeCaseLower);

/// <summary>Source-generated JSON of the run socket.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunResult))]
public sealed partial class RunJson : JsonSerializerContext;
