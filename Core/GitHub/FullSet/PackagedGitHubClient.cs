using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Core.GitHub.Octokit;

namespace Platform.Core.GitHub;

/// <summary>The adapter over a client package: Octokit.</summary>
internal static class PackagedGitHubClient
{
    public static readonly string? Name = "octokit";

    public static IGitHubClient Create(IServiceProvider services) => new OctokitGitHubClient(
        services.GetRequiredService<IOptions<GitHubOptions>>().Value,
        services.GetRequiredService<GitHubAnswers>(),
        services.GetRequiredService<TimeProvider>());
}
