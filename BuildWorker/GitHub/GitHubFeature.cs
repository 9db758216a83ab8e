using Platform.Core.Deployments;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.BuildWorker.GitHub;

internal static class GitHubFeature
{
    private const int Concurrency = 4;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How long a job waits for the end of a limit.</summary>
    internal static TimeSpan WaitUntil(DateTimeOffset? end, TimeProvider time)
    {
        var wait = end is { } at ? at - time.GetUtcNow() : LongestWait;
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }

    /// <summary>The owner and the name of a project's repository; null: it is none of GitHub's.</summary>
    internal static string[]? NameOf(string repository) =>
        RepositorySource.TryParse(repository, allowFiles: false, out var source, out _) && source.Display.Split('/') is { Length: 2 } parts ? parts : null;

    /// <summary>What is told to GitHub, apart from the builds: a slow GitHub holds up no build.</summary>
    public static IServiceCollection AddGitHubReports(this IServiceCollection services)
    {
        services.AddGitHubClient();
        services.AddGitHubApp();
        services.AddJobHandler<ReportDeploymentJob, DeploymentReporter>();
        services.AddJobHandler<ReportDeletedDeploymentJob, DeploymentReporter>();
        services.AddJobHandler<SyncWebhookJob, WebhookSync>();
        services.AddJobHandler<RemoveWebhookJob, WebhookRemoval>();
        services.AddJobHandler<RevokeGitHubJob, GrantRevocation>();
        services.AddScoped<OpenPullRequestReader>();
        return services.AddJobWorker(JobQueues.GitHub, Concurrency);
    }
}
