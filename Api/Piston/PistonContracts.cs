using System.Text.Json.Serialization;

namespace Platform.Api.Piston;

/// <summary>A language, as Piston tells it.</summary>
internal sealed record PistonRuntimeResponse(
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("aliases")] IReadOnlyList<string> Aliases);

/// <summary>The outcome of a run, as Piston tells it.</summary>
internal sealed record PistonExecuteResponse(
    [property: JsonPropertyName("compile"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PistonStageResponse? Compile,
    [property: JsonPropertyName("run")] PistonStageResponse Run,
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("version")] string Version);

/// <summary>One stage of it.</summary>
/// <param name="Stdout">Standard output.</param>
/// <param name="Stderr">Standard error.</param>
/// <param name="Output">Both, as they came.</param>
/// <param name="Code">Exit code, or null.</param>
/// <param name="Signal">What ended it, or null.</param>
/// <param name="Message">Why it ended so, or null.</param>
/// <param name="Status"><c>RE</c>, <c>SG</c>, <c>TO</c>, <c>OL</c>, <c>EL</c>, <c>XX</c>, or null.</param>
/// <param name="CpuTime">Milliseconds.</param>
/// <param name="WallTime">Milliseconds.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record PistonStageResponse(
    [property: JsonPropertyName("stdout")] string Stdout,
    [property: JsonPropertyName("stderr")] string Stderr,
    [property: JsonPropertyName("code")] int? Code,
    [property: JsonPropertyName("signal")] string? Signal,
    [property: JsonPropertyName("output")] string Output,
    [property: JsonPropertyName("memory")] long? Memory,
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("cpu_time")] double? CpuTime,
    [property: JsonPropertyName("wall_time")] double? WallTime);

/// <summary>What was wrong.</summary>
internal sealed record PistonErrorResponse([property: JsonPropertyName("message")] string Message);
