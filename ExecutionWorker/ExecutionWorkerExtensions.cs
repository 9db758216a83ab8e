using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.Core.Jobs;
using Platform.ExecutionWorker.Images;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker;

internal static class ExecutionWorkerExtensions
{
    /// <summary>Runs code: sandboxes, their pools, and the handler of the queue.</summary>
    public static WebApplicationBuilder AddExecutionWorker(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ExecutionWorkerOptions>()
            .BindConfiguration(ExecutionWorkerOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
            LanguageCatalog.Load(provider.GetRequiredService<IOptions<ExecutionWorkerOptions>>().Value.Languages));

        services.AddContainerEngine().AddContainerReaper();
        services.AddSandboxes();

        services.AddSingleton<RunConnector>();
        services.AddSingleton<SandboxSource>();
        services.AddSingleton<RunServer>();
        services.AddSingleton<ImageWaits>();
        services.AddHostedService(provider => provider.GetRequiredService<ImageWaits>());
        services.AddJobQueue(builder.Configuration);
        services.AddJobHandler<RunCodeJob, RunCodeJobHandler>();
        var concurrency = builder.Configuration.GetValue($"{ExecutionWorkerOptions.SectionName}:{nameof(ExecutionWorkerOptions.Concurrency)}", new ExecutionWorkerOptions().Concurrency);
        services.AddJobWorker(JobQueues.Executions, concurrency);
        return builder;
    }

    private static void AddSandboxes(this IServiceCollection services)
    {
        services.AddSingleton<SandboxLabels>();
        services.AddSingleton<SandboxRegistry>();
        services.AddSingleton<SandboxFactory>();

        // Hosted services stop in reverse order: runs first, then the pools, then what removes their sandboxes.
        services.AddSingleton<RunActivity>();
        services.AddSingleton<SandboxRemover>();
        services.AddHostedService(provider => provider.GetRequiredService<SandboxRemover>());
        services.AddHostedService<LeakDetector>();
        services.AddSingleton<ImageRecipe>();
        services.AddSingleton<ImageBuilder>();
        services.AddHostedService(provider => provider.GetRequiredService<ImageBuilder>());
        services.AddSingleton<ImageStates>();
        services.AddHostedService(provider => provider.GetRequiredService<ImageStates>());
        services.AddSingleton<SandboxPools>();
        services.AddHostedService<PoolFiller>();
    }
}
