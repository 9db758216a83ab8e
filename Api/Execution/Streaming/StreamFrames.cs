using System.Text.Json.Serialization;
using Platform.Api.Common.Errors;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Streaming;

/// <summary>The first frame of a caller: what is to be run.</summary>
internal sealed record StartFrame
{
    public string? Language { get; init; }

    public string? Code { get; init; }

    public IReadOnlyList<ExecuteFileRequest>? Files { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    public ExecuteLimitsRequest? Limits { get; init; }

    /// <summary>Input that is known already; more may follow.</summary>
    public string? Stdin { get; init; }

    public ContentEncoding? StdinEncoding { get; init; }

    /// <summary>Another word for <c>stdin</c>.</summary>
    public string? Input { get; init; }

    /// <summary>A terminal instead of pipes.</summary>
    public bool Tty { get; init; }

    public int? Columns { get; init; }

    public int? Rows { get; init; }

    /// <summary>Output comes as binary frames: one byte, 1 for stdout or 2 for stderr, and what was printed.</summary>
    public bool Binary { get; init; }

    public ExecuteRequest ToRequest() => new(Language, Code, Stdin, Args, Files, StdinEncoding, Env, Limits, Input: Input);
}

/// <summary>Any later frame of a caller. Its <c>type</c> says what of it counts.</summary>
internal sealed record CallerFrame
{
    public string? Type { get; init; }

    /// <summary>Of <c>stdin</c>.</summary>
    public string? Data { get; init; }

    /// <summary>Of <c>stdin</c>.</summary>
    public ContentEncoding? Encoding { get; init; }

    /// <summary>Of <c>signal</c>: <c>SIGINT</c>, or its number, with or without quotes.</summary>
    [JsonConverter(typeof(TextOrNumberConverter))]
    public string? Signal { get; init; }

    /// <summary>Of <c>resize</c>.</summary>
    public int? Columns { get; init; }

    /// <summary>Of <c>resize</c>.</summary>
    public int? Rows { get; init; }
}

/// <summary>What a caller is sent.</summary>
internal abstract record StreamFrame([property: JsonPropertyOrder(-1)] string Type);

/// <summary><c>queued</c>, <c>compiling</c> or <c>running</c>.</summary>
internal sealed record StageFrame(string Stage, string Session) : StreamFrame("stage");

/// <summary>What is waited for.</summary>
internal sealed record ProgressFrame(string Message) : StreamFrame("progress");

/// <summary>What the program printed.</summary>
internal sealed record OutputFrame(string Type, string Data, string Encoding) : StreamFrame(Type);

/// <summary>How it ended; the last frame.</summary>
internal sealed record ExitFrame(
    RunVerdict Status,
    int? ExitCode,
    string? Signal,
    double TimeMs,
    double CpuTimeMs,
    long MemoryKb,
    TruncatedResponse Truncated,
    string? Message,
    CompileExitFrame? Compile) : StreamFrame("exit")
{
    public static ExitFrame Of(RunResult result) => new(
        result.Verdict,
        result.ExitCode,
        result.Signal,
        Milliseconds.Of(result.WallTime),
        Milliseconds.Of(result.CpuTime),
        result.MemoryBytes / 1024,
        new TruncatedResponse(result.StdoutTruncated, result.StderrTruncated),
        result.Message,
        result.Compile is { } compile ? new CompileExitFrame(compile.ExitCode, compile.Signal, Milliseconds.Of(compile.WallTime)) : null);
}

internal sealed record CompileExitFrame(int? ExitCode, string? Signal, double TimeMs);

/// <summary>What was wrong, in the shape of all errors.</summary>
internal sealed record ErrorFrame(ErrorContentResponse Error) : StreamFrame("error");
