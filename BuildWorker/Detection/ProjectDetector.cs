using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Detection;

/// <summary>Looks at a checked-out project and decides how it is built; what the user decided wins.</summary>
internal static class ProjectDetector
{
    private const string BuildScript = "build";

    // Some generators' own set-up gives the script another name.
    private static readonly string[] BuildScripts = [BuildScript, "generate", "docs:build"];
    private static readonly string[] CommonCacheDirs = ["node_modules/.cache", "node_modules/.vite", ".turbo", ".nx/cache"];
    private static readonly string[] InstallScripts = ["preinstall", "install", "postinstall", "prepare"];

    /// <param name="root">The repository.</param>
    /// <param name="rootDir">The project in it, relative; empty is the repository itself.</param>
    /// <param name="overrides">What the user decided.</param>
    /// <param name="nodeVersions">Whole versions that builds can have.</param>
    /// <exception cref="BuildFailureException">There is nothing here that could be built or published.</exception>
    public static BuildPlan Detect(string root, string rootDir, BuildOverrides overrides, IReadOnlyList<string> nodeVersions)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var directory = Path.TrimEndingDirectorySeparator(Path.Combine(root, rootDir));
        var package = PackageJson.Read(directory);
        var plan = package is null ? WithoutPackage(directory, overrides) : FromPackage(root, directory, package, overrides, nodeVersions);
        var reasons = plan.Reasons.ToList();
        if (overrides.InstallCommand is not null) reasons.Add($"Install command from the project's settings: {Shown(overrides.InstallCommand)}");
        if (overrides.BuildCommand is not null) reasons.Add($"Build command from the project's settings: {Shown(overrides.BuildCommand)}");
        if (overrides.OutputDir is not null) reasons.Add($"Output directory from the project's settings: {Shown(overrides.OutputDir)}");
        var changed = plan with
        {
            InstallCommand = Override(overrides.InstallCommand, plan.InstallCommand),
            BuildCommand = Override(overrides.BuildCommand, plan.BuildCommand),
            OutputCandidates = overrides.OutputDir is { } output ? [output] : plan.OutputCandidates,
            OutputIsChosen = overrides.OutputDir is not null,
        };
        if (changed is { IsStatic: false, Node: null }) changed = changed with { Node = NodeVersion.Choose(overrides.NodeVersion, Workspaces.Upwards(root, directory), nodeVersions) };
        if (changed is { IsStatic: false, Node: { } node }) reasons.Add($"Node.js {node.Version} ({node.Reason})");
        return changed with { Reasons = reasons };
    }

    private static BuildPlan WithoutPackage(string directory, BuildOverrides overrides)
    {
        if (overrides.BuildCommand is { Length: > 0 })
        {
            return new BuildPlan
            {
                Framework = "Custom build",
                Reasons = ["No package.json: the build command of the project's settings makes the site"],
                OutputCandidates = [.. FrameworkCatalog.UsualOutputs, ""],
            };
        }

        return Generators.Detect(directory) ?? PlainSites.Detect(directory, overrides) ?? throw new BuildFailureException(
            FailureCode.NoOutput,
            "There is neither a package.json nor an index.html.",
            "Set the root directory to the folder of your site, or give a build command and an output directory.");
    }

    private static BuildPlan FromPackage(string root, string directory, PackageJson package, BuildOverrides overrides, IReadOnlyList<string> nodeVersions)
    {
        var upwards = Workspaces.Upwards(root, directory);
        var installRoot = Workspaces.InstallRoot(upwards);
        var installDirs = upwards.TakeWhile(above => above.Length >= installRoot.Length).ToArray();
        var manager = PackageManager.Detect(installDirs);
        var framework = FrameworkCatalog.Detect(package);
        var scriptName = BuildScripts.FirstOrDefault(package.Scripts.ContainsKey);
        if (scriptName is null && string.IsNullOrEmpty(overrides.BuildCommand)) return WithoutBuildScript(directory, package, manager, overrides);

        var command = overrides.BuildCommand ?? package.Scripts[scriptName!];
        var finding = framework.Inspect?.Invoke(new FrameworkProject(directory, package, manager, command)) ?? FrameworkFinding.Nothing;
        // Who gives both, a command and where its output lies, knows better.
        if (finding.NeedsServer is { } why && (overrides.BuildCommand is null || overrides.OutputDir is null))
            throw new BuildFailureException(FailureCode.ServerOnly, $"{why} Only static sites can be deployed.", finding.ServerHint);

        var installRootPackage = installRoot == directory ? package : PackageJson.Read(installRoot);
        var hasDependencies = package.HasDependencies || installRootPackage?.HasDependencies == true;
        var build = scriptName is null ? null : finding.BuildCommand ?? Build(manager, scriptName, installRoot, directory);
        return new BuildPlan
        {
            Framework = framework.Name,
            Reasons = Explain(root, installRoot, directory, framework, manager, build, hasDependencies),
            InstallCommand = hasDependencies ? manager.InstallCommand : null,
            InstallDir = Relative(root, installRoot),
            BuildCommand = build,
            OutputCandidates = FrameworkCatalog.OutputCandidates(framework, finding),
            SpaFallback = finding.SinglePage ?? FrameworkCatalog.IsSinglePage(framework, package),
            PackageManager = hasDependencies ? manager : null,
            Node = NodeVersion.Choose(overrides.NodeVersion, upwards, nodeVersions),
            LifecycleScripts = [.. InstallScripts.Where(name => installRootPackage?.Scripts.ContainsKey(name) == true)],
            CacheDirs = [.. framework.CacheDirs.Concat(CommonCacheDirs)],
            ServerSuspicion = FrameworkCatalog.ServerLibraryOf(package) is { } library ? $"package.json lists {library}, which makes a server." : null,
        };
    }

    private static List<string> Explain(string root, string installRoot, string directory, Framework framework, PackageManager manager, string? build, bool hasDependencies)
    {
        var reasons = new List<string> { $"Detected {framework.Name} ({manager.Name}: {manager.Reason})" };
        if (installRoot != directory)
            reasons.Add($"The project is part of a workspace: dependencies are installed in {(installRoot == root ? "the root of the repository" : Relative(root, installRoot))}");
        reasons.Add(build is null ? "package.json has no build script" : $"package.json has a build script: {build}");
        if (!hasDependencies) reasons.Add("package.json lists no dependencies: nothing to install, and the build gets no network");
        return reasons;
    }

    /// <summary>In a monorepo with Turborepo the packages that this one needs are built first.</summary>
    private static string Build(PackageManager manager, string script, string installRoot, string directory) =>
        installRoot != directory && ProjectFiles.Exists(installRoot, "turbo.json") ? manager.Execute($"turbo run {script}") : manager.Run(script);

    private static BuildPlan WithoutBuildScript(string directory, PackageJson package, PackageManager manager, BuildOverrides overrides)
    {
        // What its templates need is installed, then the generator runs.
        if (Generators.Detect(directory) is { } generator)
            return package.HasDependencies ? generator with { InstallCommand = manager.InstallCommand, PackageManager = manager } : generator;
        if (PlainSites.Detect(directory, overrides, "package.json has no build script, but there is an index.html: the files are published as they are") is { } plain
            && (overrides.OutputDir is null || !package.HasDependencies))
        {
            return plain;
        }

        if (FrameworkCatalog.ServerLibraryOf(package) is { } library)
        {
            throw new BuildFailureException(
                FailureCode.ServerOnly,
                $"This is a server ({library}), and package.json has no \"{BuildScript}\" script. Only static sites can be deployed.",
                $"Add a \"{BuildScript}\" script that writes the site's files.");
        }

        throw new BuildFailureException(
            FailureCode.MissingScript,
            $"package.json has no \"{BuildScript}\" script.",
            $"Add a \"{BuildScript}\" script to package.json, or give a build command in the project's settings.");
    }

    private static string Relative(string root, string directory) => directory == root ? "" : Path.GetRelativePath(root, directory).Replace('\\', '/');

    private static string? Override(string? chosen, string? detected) => chosen switch
    {
        null => detected,
        "" => null,
        _ => chosen,
    };

    private static string Shown(string command) => command.Length == 0 ? "(none)" : command;
}
