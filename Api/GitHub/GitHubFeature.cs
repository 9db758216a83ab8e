using Platform.Api.Auth.OAuth;
using Platform.Api.Common.Validation;
using Platform.Api.Deployments;
using Platform.Api.GitHub.Webhooks;

namespace Platform.Api.GitHub;

internal static class GitHubFeature
{
    /// <summary>Needs the accounts, which bring the client of GitHub and what is known about the App.</summary>
    public static IHostApplicationBuilder AddGitHub(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InstallationState>();
        builder.Services.AddScoped<InstallationService>();
        builder.Services.AddScoped<ConnectionService>();
        builder.Services.AddScoped<IGitHubConnector>(provider => provider.GetRequiredService<ConnectionService>());
        builder.Services.AddSingleton<RepositoryList>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IRepositoryNames, RepositoryNames>();
        builder.Services.AddScoped<WebhookReceiver>();
        builder.Services.AddScoped<PushProcessor>();
        builder.Services.AddScoped<PullRequestProcessor>();
        builder.Services.AddScoped<PullRequestReader>();
        builder.Services.AddScoped<PushedDeployments>();
        builder.Services.AddScoped<DeliveryHistory>();
        builder.Services.AddScoped<Approvals>();
        builder.Services.AddValidator<RepositoryQuery, RepositoryQueryValidator>();
        builder.Services.AddValidator<CommitQuery, CommitQueryValidator>();
        builder.Services.AddValidator<DeliveryQuery, DeliveryQueryValidator>();
        return builder;
    }
}
