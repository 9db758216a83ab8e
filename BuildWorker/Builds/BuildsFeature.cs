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
            .Validate(options => options.DiskLimitBytes > 0, "Build:DiskLimitBytes (BUILD_DISK_LIMIT) must be more than nothing.")
            .Validate(options => options.MemoryBytes >= 64 * 1024 * 1024, "Build:MemoryBytes must be at least 64 MiB.")
            .ValidateOnStart();
        services.AddContainerEngine().AddContainerReaper();
        services.AddPlatformDataProtection();
        services.AddJobQueue(builder.Configuration);
        services.AddSingleton<BuildContainers>();
        services.AddSingleton<BuildWorkspace>();
        services.AddSingleton<DeploymentRecord>();
        services.AddSingleton<ILogStore, PostgresLogStore>();
        services.AddSingleton<SourceCheckout>();
        services.AddSingleton<BuildPipeline>();
        services.AddJobHandler<BuildDeploymentJob, BuildDeploymentHandler>();
        services.AddJobWorker(JobQueues.Deployments, builder.Configuration.GetValue($"{BuildOptions.SectionName}:{nameof(BuildOptions.Concurrency)}", 2));
        services.AddHostedService<AbandonedDeployments>();
        return builder;
    }

    /// <summary>What set-up found out about this host stands in variables of the process.</summary>
    private static void UseHostSettings(BuildOptions options, IConfiguration configuration, IHostEnvironment environment)
    {
        options.CaBundle ??= configuration["PLATFORM_CA_BUNDLE"];
        options.NpmRegistry ??= configuration["PLATFORM_NPM_REGISTRY"];
        if (options.CaBundle is { Length: > 0 } bundle) options.CaBundle = InstallationRoot.Resolve(environment.ContentRootPath, bundle);
    }
}
