namespace Platform.BuildWorker.Detection;

/// <summary>How a project is built. A null command is a step that is not needed.</summary>
/// <param name="Framework">For people: <c>Vite</c>, <c>Plain HTML</c>.</param>
/// <param name="Reasons">What was found and what follows from it, one line each.</param>
/// <param name="InstallCommand">Fetches dependencies.</param>
/// <param name="BuildCommand">Makes the output.</param>
/// <param name="OutputCandidates">Where the output may be, first choice first; paths relative to the root directory, empty is the root itself.</param>
/// <param name="SpaFallback">Unknown paths of the site answer with its one page.</param>
internal sealed record BuildPlan(
    string Framework,
    IReadOnlyList<string> Reasons,
    string? InstallCommand,
    string? BuildCommand,
    IReadOnlyList<string> OutputCandidates,
    bool SpaFallback)
{
    /// <summary>Nothing runs: the files are published as they stand in the repository.</summary>
    public bool IsStatic => InstallCommand is null && BuildCommand is null;
}

/// <summary>What the user decided; null is detected, an empty command switches the step off.</summary>
internal sealed record BuildOverrides(string? InstallCommand, string? BuildCommand, string? OutputDir);
