using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Turns what callers send into what workers run.</summary>
internal static class RunRequests
{
    public static IReadOnlyList<RunFile> Files(string? code, IReadOnlyList<ExecuteFileRequest>? files, Language language) => files is null
        ? [new RunFile(language.File, ContentText.Decode(code, ContentEncoding.Utf8))]
        : [.. files.Select(file => new RunFile(file.Name ?? language.File, ContentText.Decode(file.Content, file.Encoding)))];

    public static RunRequest From(ExecuteRequest request, Language language) => new()
    {
        Language = language.Id,
        Files = Files(request.Code, request.Files, language),
        Arguments = request.Args ?? [],
        Environment = request.Env ?? new Dictionary<string, string>(),
        Limits = Limits(request.Limits),
    };

    private static RunLimits? Limits(ExecuteLimitsRequest? limits) => limits is null ? null : new RunLimits
    {
        CpuSeconds = limits.CpuSeconds,
        WallSeconds = limits.WallSeconds,
        CompileSeconds = limits.CompileSeconds,
        MemoryMegabytes = limits.MemoryMegabytes,
        Processes = limits.Processes,
        OutputBytes = limits.OutputBytes,
    };
}
