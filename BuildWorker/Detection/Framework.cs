namespace Platform.BuildWorker.Detection;

/// <summary>A known way to make a site.</summary>
internal sealed record Framework
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The dependencies any of which gives it away.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Where it writes to, unless configured otherwise.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>It makes one page that routes in the browser.</summary>
    public bool SinglePage { get; init; }

    /// <summary>Its own cache, beside those that all have.</summary>
    public IReadOnlyList<string> CacheDirs { get; init; } = [];

    /// <summary>Reads its configuration.</summary>
    public Func<FrameworkProject, FrameworkFinding>? Inspect { get; init; }

    /// <summary>It is not a bundler that others use as well: what it makes needs no further library to route in the browser.</summary>
    public bool AlwaysSinglePage { get; init; }
}

/// <summary>What a framework's configuration is read from.</summary>
/// <param name="Directory">The project's directory.</param>
/// <param name="Package">Its package.json.</param>
/// <param name="Manager">Its package manager.</param>
/// <param name="BuildScript">The text of the command that builds it.</param>
internal sealed record FrameworkProject(string Directory, PackageJson Package, PackageManager Manager, string BuildScript);

/// <summary>What a framework's configuration says.</summary>
internal sealed record FrameworkFinding
{
    public static readonly FrameworkFinding Nothing = new();

    /// <summary>Configured output directories; they stand before the usual ones.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Another command than the build script.</summary>
    public string? BuildCommand { get; init; }

    /// <summary>Why its output needs a server; null when it does not.</summary>
    public string? NeedsServer { get; init; }

    /// <summary>What to do instead.</summary>
    public string? ServerHint { get; init; }

    /// <summary>Overrides <see cref="Framework.SinglePage"/>.</summary>
    public bool? SinglePage { get; init; }
}
