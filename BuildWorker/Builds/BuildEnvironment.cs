using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Builds;

/// <summary>The variables that a build sees.</summary>
internal static class BuildEnvironment
{
    private const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static IReadOnlyDictionary<string, string> Create(BuildOptions options, BuildPlan plan, IReadOnlyDictionary<string, string> variables)
    {
        var berry = plan.PackageManager?.Kind == PackageManagerKind.YarnBerry;
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = BuildPaths.Home,
            ["PATH"] = $"{(plan.Node is { } node ? $"/opt/node/{node.Major}/bin:" : "")}{(berry ? "/opt/yarn-berry/bin:" : "")}{SystemPath}",
            ["XDG_CACHE_HOME"] = $"{BuildPaths.Store}/xdg",
            ["NPM_CONFIG_CACHE"] = $"{BuildPaths.Store}/npm",
            ["NPM_CONFIG_STORE_DIR"] = $"{BuildPaths.Store}/pnpm",
            ["BUN_INSTALL_CACHE_DIR"] = $"{BuildPaths.Store}/bun",
            ["BUN_RUNTIME_TRANSPILER_CACHE_PATH"] = "0",
        };
        if (options.CaBundle is { Length: > 0 })
        {
            foreach (var name in new[] { "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "NPM_CONFIG_CAFILE" }) environment[name] = BuildPaths.CaBundle;
        }

        if (options.NpmRegistry is { Length: > 0 } registry)
        {
            environment["NPM_CONFIG_REGISTRY"] = registry;
            environment[berry ? "YARN_NPM_REGISTRY_SERVER" : "YARN_REGISTRY"] = registry.TrimEnd('/');
        }

        if (berry) AddBerry(environment, options);
        else AddClassic(environment);
        foreach (var (name, value) in variables) environment[name] = value;
        return environment;
    }

    // Each Yarn refuses to start when it finds a setting of the other one.
    private static void AddBerry(Dictionary<string, string> environment, BuildOptions options)
    {
        environment["YARN_GLOBAL_FOLDER"] = $"{BuildPaths.Store}/berry";
        environment["YARN_ENABLE_TELEMETRY"] = "0";
        if (options.CaBundle is { Length: > 0 }) environment["YARN_HTTPS_CA_FILE_PATH"] = BuildPaths.CaBundle;
    }

    private static void AddClassic(Dictionary<string, string> environment)
    {
        environment["YARN_CACHE_FOLDER"] = $"{BuildPaths.Store}/yarn";
        environment["SKIP_YARN_COREPACK_CHECK"] = "1";
    }
}
