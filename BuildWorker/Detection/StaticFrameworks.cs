using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>Where frameworks are told to write to.</summary>
internal static partial class StaticFrameworks
{
    public static FrameworkFinding Vite(FrameworkProject project)
    {
        var config = ProjectFiles.ReadConfig(project.Directory, "vite.config");
        var output = ProjectFiles.MatchPath(OutDirOption(), project.BuildScript) ?? ProjectFiles.MatchPath(OutDir(), config);
        // A path that leads out of the root, "../dist", is meant from there.
        var above = config is null ? null : ProjectFiles.MatchPath(OutDirAbove(), config);
        var root = ProjectFiles.MatchPath(Root(), config);
        string?[] outputs = [above, root is null ? null : $"{root}/{output ?? "dist"}", output];
        return new FrameworkFinding { Outputs = [.. outputs.OfType<string>()] };
    }

    public static FrameworkFinding Parcel(FrameworkProject project) => Found(ProjectFiles.MatchPath(DistDirOption(), project.BuildScript));

    public static FrameworkFinding Eleventy(FrameworkProject project)
    {
        var config = ProjectFiles.Read(project.Directory, ".eleventy.js") ?? ProjectFiles.ReadConfig(project.Directory, "eleventy.config");
        return Found(ProjectFiles.MatchPath(OutputOption(), project.BuildScript) ?? ProjectFiles.MatchPath(Output(), config));
    }

    public static FrameworkFinding VitePress(FrameworkProject project) => Docs(VitePressBuild().Match(project.BuildScript), ".vitepress/dist");

    public static FrameworkFinding VuePress(FrameworkProject project) => Docs(VuePressBuild().Match(project.BuildScript), ".vuepress/dist");

    public static FrameworkFinding Angular(FrameworkProject project)
    {
        if (ProjectFiles.Read(project.Directory, "angular.json") is not { } text) return FrameworkFinding.Nothing;
        var outputs = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var application in Object(document.RootElement, "projects")?.EnumerateObject() ?? default)
            {
                var path = OutputPath(application.Value) ?? $"dist/{application.Name}";
                if (Core.Deployments.RelativePath.TryNormalize(path, out var normal) && normal.Length > 0) outputs.AddRange([$"{normal}/browser", normal]);
            }
        }
        catch (JsonException)
        {
            // The build itself will say so, better than a guess here.
            return FrameworkFinding.Nothing;
        }

        return new FrameworkFinding { Outputs = outputs };
    }

    private static string? OutputPath(JsonElement application)
    {
        var target = Object(application, "architect") ?? Object(application, "targets");
        if (target is not { } targets || Object(targets, "build") is not { } build || Object(build, "options") is not { } options) return null;
        if (!options.TryGetProperty("outputPath", out var path)) return null;
        if (path.ValueKind == JsonValueKind.Object && !path.TryGetProperty("base", out path)) return null;
        return path.ValueKind == JsonValueKind.String ? path.GetString() : null;
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static FrameworkFinding Docs(Match build, string output)
    {
        if (!build.Success || !Core.Deployments.RelativePath.TryNormalize(build.Groups["value"].Value, out var directory)) return FrameworkFinding.Nothing;
        return Found(directory.Length == 0 ? output : $"{directory}/{output}");
    }

    private static FrameworkFinding Found(string? output) => output is null ? FrameworkFinding.Nothing : new FrameworkFinding { Outputs = [output] };

    [GeneratedRegex("""outDir\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OutDir();

    [GeneratedRegex("""outDir\s*:\s*["'`]\.\./(?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OutDirAbove();

    [GeneratedRegex("""\broot\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Root();

    [GeneratedRegex(@"--outDir[ =](?<value>[^\s;&]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OutDirOption();

    [GeneratedRegex(@"(--dist-dir|--out-dir|-d)[ =](?<value>[^\s;&]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DistDirOption();

    [GeneratedRegex(@"--output[ =](?<value>[^\s;&]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OutputOption();

    [GeneratedRegex("""\boutput\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Output();

    [GeneratedRegex(@"vitepress build\s+(?<value>[A-Za-z0-9._/][^\s;&]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VitePressBuild();

    [GeneratedRegex(@"vuepress(-vite|-webpack)? build\s+(?<value>[A-Za-z0-9._/][^\s;&]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VuePressBuild();
}
