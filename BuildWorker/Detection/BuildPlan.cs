namespace Platform.BuildWorker.Detection;

/// <summary>How a project is built. A null command is a step that is not needed.</summary>
internal sealed record BuildPlan
{
    /// <summary>For people: <c>Vite</c>, <c>Plain HTML</c>.</summary>
    public required string Framework { get; init; }

    /// <summary>What was found and what follows from it, one line each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Fetches dependencies.</summary>
    public string? InstallCommand { get; init; }

    /// <summary>Where <see cref="InstallCommand"/> runs, relative to the repository: the root of the workspaces that the project belongs to.</summary>
    public string InstallDir { get; init; } = "";

    /// <summary>Makes the output.</summary>
    public string? BuildCommand { get; init; }

    /// <summary>Where the output may be, first choice first; paths relative to the root directory, empty is the root itself.</summary>
    public IReadOnlyList<string> OutputCandidates { get; init; } = [];

    /// <summary>The user named the one output directory: nothing else is looked for.</summary>
    public bool OutputIsChosen { get; init; }

    /// <summary>Unknown paths of the site answer with its one page.</summary>
    public bool SpaFallback { get; init; }

    /// <summary>The package manager; null without dependencies.</summary>
    public PackageManager? PackageManager { get; init; }

    /// <summary>The Node version that everything runs with.</summary>
    public NodeVersion? Node { get; init; }

    /// <summary>Scripts of the install directory's package.json that belong to an installation, to be run also when it comes from the cache.</summary>
    public IReadOnlyList<string> LifecycleScripts { get; init; } = [];

    /// <summary>Directories of the framework's own cache, relative to the root directory.</summary>
    public IReadOnlyList<string> CacheDirs { get; init; } = [];

    /// <summary>Why a build without output may be one that needs a server; null when nothing says so.</summary>
    public string? ServerSuspicion { get; init; }

    /// <summary>Nothing runs: the files are published as they stand in the repository.</summary>
    public bool IsStatic => InstallCommand is null && BuildCommand is null;
}

/// <summary>What the user decided; null is detected, an empty command switches the step off.</summary>
internal sealed record BuildOverrides(string? InstallCommand = null, string? BuildCommand = null, string? OutputDir = null, string? NodeVersion = null);
