using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Core.Tests.GitHub;

public sealed class RestGitHubConformanceTests : GitHubClientConformance
{
    protected override IGitHubClient CreateClient(GitHubOptions options) => Services(options).GetRequiredService<IGitHubClient>();

    [Fact]
    public async Task A_token_is_not_carried_to_another_server()
    {
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var stranger = await FakeGitHub.StartAsync();
        gitHub.FailWith(302, "", ("Location", new Uri(stranger.Address, "user").ToString()));
        var client = CreateClient(new GitHubOptions { ApiUrl = gitHub.Address });

        (await Should.ThrowAsync<GitHubException>(() => client.GetCurrentUserAsync("gho_x", CancellationToken.None))).Error.ShouldBe(GitHubError.Failed);

        stranger.Requests.ShouldBeEmpty();
    }

    private static ServiceProvider Services(GitHubOptions options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["GitHub:Engine"] = "rest",
            ["GitHub:ApiUrl"] = options.ApiUrl.ToString(),
            ["GitHub:Timeout"] = options.Timeout.ToString(),
        };
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddGitHubClient()
            .BuildServiceProvider();
    }
}
