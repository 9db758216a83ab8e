using Platform.Core.GitHub;
using Platform.Core.GitHub.Octokit;

namespace Platform.Core.Tests.GitHub.Octokit;

public sealed class OctokitGitHubConformanceTests : GitHubClientConformance
{
    protected override IGitHubClient CreateClient(GitHubOptions options) => new OctokitGitHubClient(options, new GitHubAnswers(TimeProvider.System), TimeProvider.System);
}
