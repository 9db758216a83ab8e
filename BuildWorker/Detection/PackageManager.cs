namespace Platform.BuildWorker.Detection;

internal enum PackageManagerKind
{
    Npm,
    Pnpm,
    Yarn,
    YarnBerry,
    Bun,
}

/// <summary>A package manager and how it is asked.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Reason">Why this one.</param>
/// <param name="InstallCommand">Installs exactly what the lock file says, where there is one.</param>
/// <param name="LockFile">The lock file's path; null without one.</param>
internal sealed record PackageManager(PackageManagerKind Kind, string Reason, string InstallCommand, string? LockFile)
{
    private static readonly (string File, PackageManagerKind Kind)[] LockFiles =
    [
        ("pnpm-lock.yaml", PackageManagerKind.Pnpm), ("yarn.lock", PackageManagerKind.Yarn), ("bun.lock", PackageManagerKind.Bun),
        ("bun.lockb", PackageManagerKind.Bun), ("package-lock.json", PackageManagerKind.Npm), ("npm-shrinkwrap.json", PackageManagerKind.Npm),
    ];

    /// <summary>The program that is called.</summary>
    public string Program => Kind switch
    {
        PackageManagerKind.Pnpm => "pnpm",
        PackageManagerKind.Yarn or PackageManagerKind.YarnBerry => "yarn",
        PackageManagerKind.Bun => "bun",
        _ => "npm",
    };

    /// <summary>For people.</summary>
    public string Name => Kind == PackageManagerKind.YarnBerry ? "Yarn Berry" : Program;

    public string Run(string script) => $"{Program} run {script}";

    /// <summary>Runs a program of an installed package.</summary>
    public string Execute(string program) => Kind switch
    {
        PackageManagerKind.Pnpm => $"pnpm exec {program}",
        PackageManagerKind.Yarn or PackageManagerKind.YarnBerry => $"yarn {program}",
        PackageManagerKind.Bun => $"bunx {program}",
        _ => $"npx {program}",
    };

    /// <summary>The <c>packageManager</c> field wins over the lock file, the nearer directory over the farther one; without either it is npm.</summary>
    /// <param name="directories">Where to look: the project's directory and those above it, up to where things are installed.</param>
    public static PackageManager Detect(IReadOnlyList<string> directories)
    {
        foreach (var directory in directories)
        {
            if (PackageJson.Read(directory)?.PackageManager is { } declared && Declared(declared) is { } kind)
            {
                var own = directories.SelectMany(LocksOf).FirstOrDefault(found => Same(found.Kind, kind)).Path;
                return Make(kind == PackageManagerKind.Yarn && IsBerry(own, directories, declared) ? PackageManagerKind.YarnBerry : kind, $"packageManager: {declared}", own);
            }
        }

        foreach (var (path, kind) in directories.SelectMany(LocksOf))
            return Make(kind == PackageManagerKind.Yarn && IsBerry(path, directories, null) ? PackageManagerKind.YarnBerry : kind, Path.GetFileName(path), path);
        return Make(PackageManagerKind.Npm, "no lock file", null);
    }

    private static IEnumerable<(string Path, PackageManagerKind Kind)> LocksOf(string directory) =>
        LockFiles.Select(entry => (Path: Path.Combine(directory, entry.File), entry.Kind)).Where(entry => File.Exists(entry.Path));

    private static bool Same(PackageManagerKind found, PackageManagerKind declared) => found == declared;

    private static PackageManagerKind? Declared(string field) => field.Split('@')[0] switch
    {
        "npm" => PackageManagerKind.Npm,
        "pnpm" => PackageManagerKind.Pnpm,
        "yarn" => PackageManagerKind.Yarn,
        "bun" => PackageManagerKind.Bun,
        _ => null,
    };

    private static bool IsBerry(string? lockFile, IReadOnlyList<string> directories, string? declared)
    {
        if (declared?.Split('@') is [_, var version, ..]) return !version.StartsWith("1.", StringComparison.Ordinal) && version != "1";
        if (directories.Any(directory => ProjectFiles.Exists(directory, ".yarnrc.yml"))) return true;
        if (lockFile is null) return false;
        using var reader = new StreamReader(lockFile);
        for (var i = 0; i < 20 && reader.ReadLine() is { } line; i++)
        {
            if (line.StartsWith("__metadata:", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static PackageManager Make(PackageManagerKind kind, string reason, string? lockFile)
    {
        var locked = lockFile is not null;
        var command = kind switch
        {
            PackageManagerKind.Pnpm => locked ? "pnpm install --frozen-lockfile" : "pnpm install --no-frozen-lockfile",
            PackageManagerKind.Yarn => locked ? "yarn install --frozen-lockfile" : "yarn install",
            PackageManagerKind.YarnBerry => locked ? "yarn install --immutable" : "yarn install --no-immutable",
            PackageManagerKind.Bun => locked ? "bun install --frozen-lockfile" : "bun install",
            _ => locked ? "npm ci" : "npm install",
        };
        return new(kind, reason, command, lockFile);
    }
}
