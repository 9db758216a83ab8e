using System.Text.Json;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>The languages.</summary>
internal sealed record LanguagesResponse(IReadOnlyList<LanguageResponse> Languages);

/// <summary>A language that code can be written in.</summary>
/// <param name="Id">What requests name.</param>
/// <param name="Name">For people.</param>
/// <param name="Version">Version of its tools.</param>
/// <param name="Aliases">Other names that requests may use.</param>
/// <param name="FileName">Name of the file that the code is put in.</param>
/// <param name="Example">A program that an editor opens with.</param>
/// <param name="MultiFile">A program of several files, the main file first; empty when the language shows none.</param>
/// <param name="Ready">A worker can run it now.</param>
/// <param name="State"><c>ready</c>, <c>building</c> its image, built <c>on_demand</c> by the first run, or <c>unavailable</c>.</param>
/// <param name="Compiled">It has a stage before the program runs.</param>
/// <param name="Checkable">Syntax can be checked without running anything.</param>
/// <param name="Limits">The most that a request may ask for.</param>
internal sealed record LanguageResponse(
    string Id,
    string Name,
    string Version,
    IReadOnlyList<string> Aliases,
    string FileName,
    string Example,
    IReadOnlyList<LanguageFileResponse> MultiFile,
    bool Ready,
    string State,
    bool Compiled,
    bool Checkable,
    LanguageLimitsResponse Limits)
{
    public static LanguageResponse Of(Language language, LanguageState state) => new(
        language.Id,
        language.Name,
        language.Version,
        language.Aliases,
        language.File,
        language.Example,
        [.. language.MultiFile.Select(file => new LanguageFileResponse(file.Path, file.Content))],
        state == LanguageState.Ready,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()),
        language.Compile is not null,
        language.Check is not null || language.Compile is not null,
        LanguageLimitsResponse.Of(language.Limits));
}

/// <summary>A file of an example, as a request takes it.</summary>
internal sealed record LanguageFileResponse(string Name, string Content);

/// <summary>Limits of a language's runs.</summary>
internal sealed record LanguageLimitsResponse(
    double CpuSeconds, double WallSeconds, double CompileSeconds, int MemoryMegabytes, int Processes, int OutputBytes)
{
    public static LanguageLimitsResponse Of(LanguageLimits limits) => new(
        limits.CpuSeconds, limits.WallSeconds, limits.CompileSeconds, limits.MemoryMegabytes, limits.Processes, limits.OutputBytes);
}
