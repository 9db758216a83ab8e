using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Detection;

/// <summary>Frameworks that make a server unless they are told to make files.</summary>
internal static partial class ServerFrameworks
{
    public static FrameworkFinding Next(FrameworkProject project)
    {
        var config = ProjectFiles.ReadConfig(project.Directory, "next.config");
        // The setting may depend on a variable: that it is mentioned is enough, the missing output tells the rest.
        var exports = (config is not null && Export().IsMatch(config)) || project.BuildScript.Contains("next export", StringComparison.Ordinal);
        return exports
            ? new FrameworkFinding { Outputs = Paths(DistDir(), config) }
            : Server("Next.js builds a server unless it exports.", "Set output: 'export' in next.config and deploy again.");
    }

    public static FrameworkFinding Nuxt(FrameworkProject project)
    {
        if (project.BuildScript.Contains("generate", StringComparison.Ordinal)) return FrameworkFinding.Nothing;
        return project.Package.Scripts.ContainsKey("generate")
            ? new FrameworkFinding { BuildCommand = project.Manager.Run("generate") }
            : Server("`nuxt build` makes a server.", $"Set the build command to \"{project.Manager.Execute("nuxt generate")}\", or add a \"generate\" script.");
    }

    public static FrameworkFinding Astro(FrameworkProject project)
    {
        var config = ProjectFiles.ReadConfig(project.Directory, "astro.config");
        return config is not null && ServerOutput().IsMatch(config)
            ? Server("astro.config asks for pages that a server renders.", "Remove the output setting, or set it to 'static'.")
            : new FrameworkFinding { Outputs = Paths(OutDir(), config) };
    }

    public static FrameworkFinding SvelteKit(FrameworkProject project)
    {
        if (!project.Package.Has("@sveltejs/adapter-static"))
        {
            var adapter = project.Package.Dependencies.FirstOrDefault(name => name.StartsWith("@sveltejs/adapter-", StringComparison.Ordinal));
            return Server($"SvelteKit with {adapter ?? "no adapter"} makes a server.", "Use @sveltejs/adapter-static.");
        }

        // From version 3 on, its configuration stands in that of Vite.
        var config = ProjectFiles.ReadConfig(project.Directory, "svelte.config") ?? ProjectFiles.ReadConfig(project.Directory, "vite.config");
        return new FrameworkFinding { Outputs = Paths(Pages(), config), SinglePage = config is null ? null : IndexFallback().IsMatch(config) };
    }

    public static FrameworkFinding ReactRouter(FrameworkProject project) =>
        SinglePageMode(ProjectFiles.ReadConfig(project.Directory, "react-router.config"), "React Router", "react-router.config");

    public static FrameworkFinding Remix(FrameworkProject project) =>
        SinglePageMode(ProjectFiles.ReadConfig(project.Directory, "vite.config"), "Remix", "the Remix plugin of vite.config");

    public static FrameworkFinding SolidStart(FrameworkProject project)
    {
        var config = ProjectFiles.ReadConfig(project.Directory, "app.config");
        return config is not null && (StaticPreset().IsMatch(config) || NoServerRendering().IsMatch(config))
            ? FrameworkFinding.Nothing
            : Server("SolidStart makes a server.", "Set server.preset to 'static' in app.config.");
    }

    private static FrameworkFinding SinglePageMode(string? config, string name, string place) => config is not null && NoServerRendering().IsMatch(config)
        ? new FrameworkFinding { SinglePage = true }
        : Server($"{name} makes a server.", $"Set ssr: false in {place}, which makes a single-page application.");

    private static FrameworkFinding Server(string why, string hint) => new() { NeedsServer = why, ServerHint = hint };

    private static string[] Paths(Regex pattern, string? config) => ProjectFiles.MatchPath(pattern, config) is { } path ? [path] : [];

    [GeneratedRegex("""["'`]export["'`]""", RegexOptions.NonBacktracking)]
    private static partial Regex Export();

    [GeneratedRegex("""distDir\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DistDir();

    [GeneratedRegex("""output\s*:\s*["'`](server|hybrid)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ServerOutput();

    [GeneratedRegex("""outDir\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OutDir();

    [GeneratedRegex("""pages\s*:\s*["'`](?<value>[^"'`]+)["'`]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pages();

    [GeneratedRegex("""fallback\s*:\s*["'`]index\.html["'`]""", RegexOptions.NonBacktracking)]
    private static partial Regex IndexFallback();

    [GeneratedRegex(@"ssr\s*:\s*false", RegexOptions.NonBacktracking)]
    private static partial Regex NoServerRendering();

    [GeneratedRegex("""preset\s*:\s*["'`]static""", RegexOptions.NonBacktracking)]
    private static partial Regex StaticPreset();
}
