using Platform.BuildWorker.GitHub;
using Platform.BuildWorker.Logs;
using Platform.BuildWorker.Publishing;
using Platform.BuildWorker.Sources;
using Platform.Core;
using Platform.Core.Containers;
using Platform.Core.Data;
using Platform.Core.Deployments;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.Builds;

internal static class BuildsFeature
{
    /// <summary>What images/build-node has.</summary>
    public static readonly IReadOnlyList<string> ImageNodeVersions = ["18.20.8", "20.20.2", "22.23.3", "24.21.0"];

    public static WebApplicationBuilder AddBuilds(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddDeploymentContracts();
        builder.AddPublishing();
        services.AddOptions<BuildOptions>()
            .BindConfiguration(BuildOptions.SectionName)
            .PostConfigure<IConfiguration, IHostEnvironment>(UseHostSettings)
            .ValidateDataAnnotations()
            .Validate(options => options.Timeout > TimeSpan.Zero, "Build:Timeout (BUILD_TIMEOUT) must be longer than nothing.")
            .Validate(options => options.MaxOutputBytes > 0, "Build:MaxOutputBytes (MAX_BUILD_SIZE) must be more than nothing.")
            .Validate(options => options.NodeVersions.All(version => Version.TryParse(version, out _)), "Build:NodeVersions must be whole versions, such as 22.23.3.")
            .Validate(options => options.CacheLimitBytes >= 0 && options.CacheProjectLimitBytes >= 0, "Build:CacheLimitBytes and Build:CacheProjectLimitBytes must not be negative.")
            .Validate(options => options.DiskLimitBytes > 0, "Build:DiskLimitBytes (BUILD_DISK_LIMIT) must be more than nothing.")
            .Validate(options => options.DiskReserveBytes >= 0, "Build:DiskReserveBytes (BUILD_DISK_RESERVE) must not be negative.")
            .Validate(options => options.MemoryBytes >= 64 * 1024 * 1024, "Build:MemoryBytes must be at least 64 MiB.")
            .ValidateOnStart();
        services.AddSingleton<IContainerOwnership, LeasedContainers>();
        services.AddContainerEngine().AddContainerReaper();
        services.AddPlatformDataProtection();
        services.AddJobQueue(builder.Configuration);
        services.AddSingleton<BuildContainers>();
        services.AddSingleton<BuildWorkspace>();
        services.AddSingleton<DeploymentRecord>();
        services.AddSingleton<ILogStore, PostgresLogStore>();
        services.AddSingleton<SourceCheckout>();
        services.AddSingleton<BuildCache>();
        services.AddSingleton<BuildSteps>();
        services.AddGitHubReports();
        services.AddSingleton<ISourceCredentials, GitHubCredentials>();
        services.AddSingleton<BuildPipeline>();
        services.AddJobHandler<BuildDeploymentJob, BuildDeploymentHandler>();
        services.AddJobWorker(JobQueues.Deployments, Setting(nameof(BuildOptions.Concurrency)), Setting(nameof(BuildOptions.ConcurrencyPerOwner)));
        services.AddHostedService<AbandonedDeployments>();
        return builder;

        int Setting(string name) => builder.Configuration.GetValue($"{BuildOptions.SectionName}:{name}", 2);
    }

    /// <summary>What set-up found out about this host stands in variables of the process.</summary>
    private static void UseHostSettings(BuildOptions options, IConfiguration configuration, IHostEnvironment environment)
    {
        // A list of settings adds to what is there: the default must not.
        if (options.NodeVersions.Length == 0) options.NodeVersions = [.. ImageNodeVersions];
        options.CaBundle ??= configuration["PLATFORM_CA_BUNDLE"];
        options.NpmRegistry ??= configuration["PLATFORM_NPM_REGISTRY"];
        if (options.CaBundle is { Length: > 0 } bundle) options.CaBundle = InstallationRoot.Resolve(environment.ContentRootPath, bundle);
    }
}
