using System.Security.Cryptography;
using System.Text;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Builds;

/// <summary>What an installation is made from and what it consists of.</summary>
internal static class InstalledModules
{
    private const int MaxDirectories = 50_000;
    private const int MaxPath = 2000;
    private const string Modules = "node_modules";

    // What Yarn Berry makes instead of, or beside, node_modules.
    private static readonly string[] OfBerry = [".pnp.cjs", ".pnp.loader.mjs", ".yarn/cache", ".yarn/unplugged", ".yarn/install-state.gz", ".yarn/build-state.yml"];
    private static readonly string[] Inputs = [".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "bunfig.toml"];

    /// <summary>
    /// Names an installation by all that decides what it installs: lock file, manifests, package manager, its command and settings, Node's major.
    /// Null when the repository brings installed packages of its own.
    /// </summary>
    public static async Task<string?> NameAsync(string app, BuildPlan plan, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        if (plan.InstallCommand is null || plan.Node is null) return null;
        var directory = Path.Combine(app, plan.InstallDir);
        var found = Walk(directory);
        if (found is null || found.Value.Modules.Count > 0) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, $"{plan.PackageManager?.Kind} {plan.InstallCommand} {plan.Node.Major} {plan.InstallDir}");
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (name is "NODE_ENV" || name.StartsWith("npm_config_", StringComparison.OrdinalIgnoreCase)) Add(hash, $"{name}={value}");
        }

        var files = found.Value.Manifests.Concat(Inputs.Select(name => Path.Combine(directory, name)));
        if (plan.PackageManager?.LockFile is { } lockFile) files = files.Append(Path.Combine(directory, Path.GetFileName(lockFile)));
        if (Directory.Exists(Path.Combine(directory, "patches"))) files = files.Concat(Directory.EnumerateFiles(Path.Combine(directory, "patches")));
        foreach (var file in files.Where(File.Exists).Order(StringComparer.Ordinal))
        {
            Add(hash, Path.GetRelativePath(directory, file));
            hash.AppendData(SHA256.HashData(await File.ReadAllBytesAsync(file, cancellationToken)));
        }

        return $"modules-{Convert.ToHexStringLower(hash.GetHashAndReset())[..32]}";
    }

    /// <summary>The installed directories, relative to the repository.</summary>
    public static IReadOnlyList<string> Find(string app, BuildPlan plan)
    {
        var directory = Path.Combine(app, plan.InstallDir);
        var modules = Walk(directory)?.Modules ?? [];
        var berry = plan.PackageManager?.Kind == PackageManagerKind.YarnBerry ? OfBerry.Select(name => BuildPaths.Join(plan.InstallDir, name)) : [];
        return [.. modules.Select(path => Path.GetRelativePath(app, path).Replace('\\', '/')), .. berry];
    }

    /// <summary>Null when there are too many directories to look at.</summary>
    private static (List<string> Manifests, List<string> Modules)? Walk(string root)
    {
        var (manifests, modules) = (new List<string>(), new List<string>());
        var waiting = new Stack<string>([root]);
        for (var seen = 0; waiting.TryPop(out var directory); seen++)
        {
            if (seen > MaxDirectories) return null;
            if (File.Exists(Path.Combine(directory, "package.json"))) manifests.Add(Path.Combine(directory, "package.json"));
            foreach (var inner in new DirectoryInfo(directory).EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
            {
                var path = Path.Combine(directory, inner.Name);
                if (path.Length > MaxPath || inner.LinkTarget is not null || inner.Name == ".git") continue;
                if (inner.Name == Modules) modules.Add(path);
                else waiting.Push(path);
            }
        }

        return (manifests, modules);
    }

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
}
