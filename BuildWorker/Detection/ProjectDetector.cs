using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Detection;

/// <summary>Looks at a checked-out directory and decides how it is built; what the user decided wins.</summary>
internal static class ProjectDetector
{
    private const string BuildScript = "build";
    private static readonly string[] PlainFolders = ["", "public", "dist", "site", "docs"];

    /// <exception cref="BuildFailureException">There is nothing here that could be built or published.</exception>
    public static BuildPlan Detect(string directory, BuildOverrides overrides)
    {
        var package = PackageJson.Read(directory);
        var plan = package is null ? PlainHtml(directory, overrides) : FromPackage(directory, package, overrides);
        var reasons = plan.Reasons.ToList();
        if (overrides.InstallCommand is not null) reasons.Add($"Install command from the project's settings: {Shown(overrides.InstallCommand)}");
        if (overrides.BuildCommand is not null) reasons.Add($"Build command from the project's settings: {Shown(overrides.BuildCommand)}");
        if (overrides.OutputDir is not null) reasons.Add($"Output directory from the project's settings: {overrides.OutputDir}");
        return plan with
        {
            Reasons = reasons,
            InstallCommand = Override(overrides.InstallCommand, plan.InstallCommand),
            BuildCommand = Override(overrides.BuildCommand, plan.BuildCommand),
            OutputCandidates = overrides.OutputDir is { } output ? [output] : plan.OutputCandidates,
        };
    }

    private static BuildPlan PlainHtml(string directory, BuildOverrides overrides)
    {
        if (overrides.BuildCommand is { Length: > 0 })
            return new BuildPlan("Custom build", ["No package.json: the build command of the project's settings makes the site"], null, null, [.. new Framework("", "", [], false).OutputCandidates, ""], false);

        var found = PlainFolders.Where(candidate => File.Exists(Path.Combine(directory, candidate, "index.html"))).ToArray();
        if (found.Length == 0 && overrides.OutputDir is null)
        {
            throw new BuildFailureException(
                FailureCode.NoOutput,
                "There is neither a package.json nor an index.html.",
                "Set the root directory to the folder of your site, or give a build command and an output directory.");
        }

        var place = found.FirstOrDefault() is { Length: > 0 } folder ? $"in {folder}/" : "and no package.json";
        return new BuildPlan("Plain HTML", [$"Found index.html {place}: the files are published as they are, nothing is built"], null, null, found, false);
    }

    private static BuildPlan FromPackage(string directory, PackageJson package, BuildOverrides overrides)
    {
        var manager = PackageManager.Detect(directory, package);
        var framework = Framework.Detect(package);
        var reasons = new List<string> { $"Detected {framework.Name} ({manager.Name}: {manager.Reason})" };
        var build = package.Scripts.Contains(BuildScript) ? manager.Run(BuildScript) : null;
        if (build is null && overrides.BuildCommand is null) return WithoutBuildScript(directory, package, framework, overrides);

        reasons.Add(build is null ? "package.json has no build script" : $"package.json has a build script: {build}");
        if (!package.HasDependencies) reasons.Add("package.json lists no dependencies: nothing to install, and the build gets no network");
        return new BuildPlan(
            framework.Name,
            reasons,
            package.HasDependencies ? manager.InstallCommand : null,
            build,
            [.. framework.OutputCandidates],
            framework.IsSinglePage(package));
    }

    private static BuildPlan WithoutBuildScript(string directory, PackageJson package, Framework framework, BuildOverrides overrides)
    {
        var candidates = PlainFolders.Where(candidate => File.Exists(Path.Combine(directory, candidate, "index.html"))).ToArray();
        if (candidates.Length > 0 && framework.Package.Length == 0)
        {
            return new BuildPlan(
                "Plain HTML", ["package.json has no build script, but there is an index.html: the files are published as they are"], null, null, candidates, false);
        }

        if (overrides.OutputDir is not null && !package.HasDependencies)
            return new BuildPlan("Plain files", ["package.json has no build script: the output directory is published as it is"], null, null, [], false);
        throw new BuildFailureException(
            FailureCode.MissingScript,
            $"package.json has no \"{BuildScript}\" script.",
            $"Add a \"{BuildScript}\" script to package.json, or give a build command in the project's settings.");
    }

    private static string? Override(string? chosen, string? detected) => chosen switch
    {
        null => detected,
        "" => null,
        _ => chosen,
    };

    private static string Shown(string command) => command.Length == 0 ? "(none)" : command;
}
