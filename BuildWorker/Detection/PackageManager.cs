namespace Platform.BuildWorker.Detection;

/// <summary>A package manager and how it is asked.</summary>
/// <param name="Name">npm, pnpm or yarn.</param>
/// <param name="Reason">Why this one.</param>
/// <param name="InstallCommand">Installs exactly what the lock file says, where there is one.</param>
internal sealed record PackageManager(string Name, string Reason, string InstallCommand)
{
    public string Run(string script) => $"{Name} run {script}";

    /// <summary>The <c>packageManager</c> field wins over the lock file; without either it is npm.</summary>
    public static PackageManager Detect(string directory, PackageJson package)
    {
        var declared = package.PackageManager?.Split('@')[0];
        var (npm, pnpm, yarn) = (
            Exists("package-lock.json") || Exists("npm-shrinkwrap.json"), Exists("pnpm-lock.yaml"), Exists("yarn.lock"));
        return declared switch
        {
            "pnpm" => Pnpm("packageManager in package.json", pnpm),
            "yarn" => Yarn("packageManager in package.json", yarn),
            "npm" => Npm("packageManager in package.json", npm),
            _ when pnpm => Pnpm("pnpm-lock.yaml", locked: true),
            _ when yarn => Yarn("yarn.lock", locked: true),
            _ when npm => Npm("package-lock.json", locked: true),
            _ => Npm("no lock file", locked: false),
        };

        bool Exists(string name) => File.Exists(Path.Combine(directory, name));
    }

    private static PackageManager Npm(string reason, bool locked) => new("npm", reason, locked ? "npm ci" : "npm install");

    private static PackageManager Pnpm(string reason, bool locked) =>
        new("pnpm", reason, locked ? "pnpm install --frozen-lockfile" : "pnpm install --no-frozen-lockfile");

    private static PackageManager Yarn(string reason, bool locked) =>
        new("yarn", reason, locked ? "yarn install --frozen-lockfile" : "yarn install");
}
