using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>Generators that are programs of the build image instead of packages of the project.</summary>
internal static partial class Generators
{
    private static readonly string[] HugoConfigs = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
    private static readonly string[] OldHugoConfigs = ["config.toml", "config.yaml", "config.yml"];
    private static readonly string[] HugoFolders = ["content", "layouts", "themes", "archetypes"];

    /// <summary>Null when the project is none of theirs.</summary>
    public static BuildPlan? Detect(string directory)
    {
        if (FindHugo(directory) is { } hugo)
        {
            var output = ProjectFiles.MatchPath(PublishDir(), ProjectFiles.Read(directory, hugo));
            return Plan("Hugo", hugo, "hugo", output ?? "public");
        }

        if (ProjectFiles.Read(directory, "mkdocs.yml") is not { } mkdocs) return null;
        return Plan("MkDocs", "mkdocs.yml", "mkdocs build", ProjectFiles.MatchPath(SiteDir(), mkdocs) ?? "site");
    }

    private static BuildPlan Plan(string name, string file, string command, string output) => new()
    {
        Framework = name,
        Reasons = [$"Detected {name} ({file}): {command}"],
        BuildCommand = command,
        OutputCandidates = [output],
    };

    private static string? FindHugo(string directory) =>
        HugoConfigs.FirstOrDefault(name => ProjectFiles.Exists(directory, name))
        ?? (HugoFolders.Any(folder => Directory.Exists(Path.Combine(directory, folder)))
            ? OldHugoConfigs.FirstOrDefault(name => ProjectFiles.Exists(directory, name))
            : null);

    [GeneratedRegex("""(?i)publishDir["']?\s*[=:]\s*["']?(?<value>[^"'\s,]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PublishDir();

    [GeneratedRegex("""(?m)^site_dir\s*:\s*["']?(?<value>[^"'\s]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SiteDir();
}
