using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

internal static class GitHubFeature
{
    private const int Concurrency = 4;

    /// <summary>What is told to GitHub, apart from the builds: a slow GitHub holds up no build.</summary>
    public static IServiceCollection AddGitHubReports(this IServiceCollection services)
    {
        services.AddGitHubClient();
        services.AddGitHubApp();
        services.AddJobHandler<ReportDeploymentJob, DeploymentReporter>();
        services.AddJobHandler<SyncWebhookJob, WebhookSync>();
        services.AddJobHandler<RemoveWebhookJob, WebhookRemoval>();
        return services.AddJobWorker(JobQueues.GitHub, Concurrency);
    }
}
