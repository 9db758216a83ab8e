using System.Text.Json;
using FluentValidation;
using Platform.Api.Execution;
using Platform.Core.Execution;

namespace Platform.Api.Piston;

/// <summary>A request in Piston's words, and in ours.</summary>
internal sealed record PistonJob(Language Language, ExecuteRequest Request);

/// <summary>Reads requests as Piston does: the same checks in the same order with the same words, then our own.</summary>
internal sealed class PistonJobReader(LanguageCatalog catalog, IValidator<ExecuteRequest> validator)
{
    private static readonly string[] Stages = ["compile", "run"];

    /// <returns>The job, or why it is refused.</returns>
    public async Task<(PistonJob? Job, string? Problem)> ReadAsync(JsonElement body, CancellationToken cancellationToken)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "language") is not { Length: > 0 } name) return (null, "language is required as a string");
        if (Text(body, "version") is not { Length: > 0 } version) return (null, "version is required as a string");
        if (!body.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Array) return (null, "files is required as an array");
        var index = 0;
        foreach (var file in files.EnumerateArray())
        {
            if (file.ValueKind != JsonValueKind.Object || Text(file, "content") is null) return (null, $"files[{index}].content is required as a string");
            index++;
        }

        if (catalog.Find(name) is not { } language || !SemverRange.Contains(version, language.Version)) return (null, $"{name}-{version} runtime is unknown");
        if (!files.EnumerateArray().Any(file => Encoding(file) == ContentEncoding.Utf8)) return (null, "files must include at least one utf8 encoded file");
        if (CheckLimits(body, language.Limits) is { } problem) return (null, problem);
        return await MakeAsync(body, language, files, cancellationToken);
    }

    private async Task<(PistonJob? Job, string? Problem)> MakeAsync(
        JsonElement body, Language language, JsonElement files, CancellationToken cancellationToken)
    {
        if (Strings(body, "args") is not { } args) return (null, "If specified, args must be an array of strings");
        var request = new ExecuteRequest(language.Id, Stdin: Text(body, "stdin"), Args: args, Files: Files(files, language), Limits: Limits(body));
        var result = await validator.ValidateAsync(request, cancellationToken);
        return result.IsValid
            ? (new PistonJob(language, request), null)
            : (null, $"{result.Errors[0].PropertyName.ToLowerInvariant()}: {result.Errors[0].ErrorMessage}");
    }

    /// <summary>The first file that is text is the main one, and is called as the language wants it when it has no name.</summary>
    private static List<ExecuteFileRequest> Files(JsonElement files, Language language)
    {
        var all = files.EnumerateArray().Select((file, index) => (File: file, Index: index)).ToList();
        var main = all.First(entry => Encoding(entry.File) == ContentEncoding.Utf8);
        return
        [
            new ExecuteFileRequest(Text(main.File, "name") is { Length: > 0 } name ? name : language.File, Text(main.File, "content"), ContentEncoding.Utf8),
            .. all.Where(entry => entry.Index != main.Index).Select(entry => new ExecuteFileRequest(
                Text(entry.File, "name") is { Length: > 0 } given ? given : $"file{entry.Index}.code", Text(entry.File, "content"), Encoding(entry.File))),
        ];
    }

    private static ContentEncoding Encoding(JsonElement file) => Text(file, "encoding") switch
    {
        "base64" => ContentEncoding.Base64,
        "hex" => ContentEncoding.Hex,
        _ => ContentEncoding.Utf8,
    };

    private static string? CheckLimits(JsonElement body, LanguageLimits limits)
    {
        foreach (var constraint in new[] { "memory_limit", "timeout", "cpu_time" })
        {
            foreach (var stage in Stages)
            {
                var name = $"{stage}_{constraint}";
                if (!body.TryGetProperty(name, out var value) || IsFalsy(value)) continue;
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) return $"If specified, {name} must be a number";
                // "No limit" is Piston's default for memory, and what its clients send: the configured limit holds.
                if (constraint == "memory_limit" && number.Equals(-1)) continue;
                var most = Most(constraint, stage, limits);
                if (number > most) return $"{name} cannot exceed the configured limit of {most}";
                if (number < 0) return $"{name} must be non-negative";
            }
        }

        return null;
    }

    private static double Most(string constraint, string stage, LanguageLimits limits) => (constraint, stage) switch
    {
        ("memory_limit", _) => limits.MemoryMegabytes * 1024.0 * 1024,
        (_, "compile") => limits.CompileSeconds * 1000,
        ("timeout", _) => limits.WallSeconds * 1000,
        _ => limits.CpuSeconds * 1000,
    };

    private static ExecuteLimitsRequest Limits(JsonElement body)
    {
        var compile = new[] { Number(body, "compile_timeout"), Number(body, "compile_cpu_time") }.Min();
        var memory = Number(body, "run_memory_limit");
        return new ExecuteLimitsRequest(
            CpuSeconds: Number(body, "run_cpu_time") / 1000,
            WallSeconds: Number(body, "run_timeout") / 1000,
            CompileSeconds: compile / 1000,
            MemoryMegabytes: memory is { } bytes ? (int)Math.Ceiling(bytes / 1024 / 1024) : null);
    }

    private static double? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var number ? number : null;

    private static List<string>? Strings(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.String)) return null;
        return [.. value.EnumerateArray().Select(entry => entry.GetString()!)];
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsFalsy(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False
        || (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number.Equals(0))
        || (value.ValueKind == JsonValueKind.String && value.GetString() is "");
}
