using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Deployments;
using Platform.Api.Tests.OAuth;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Realtime;
using Platform.Testing;
using static Platform.Api.Tests.GitHub.GitHubFixture;

namespace Platform.Api.Tests.GitHub;

[Trait("Category", "Integration")]
public sealed class PullRequestTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    private static string? Text(System.Text.Json.JsonElement body, string name) => body.GetProperty(name).GetString();

    [Fact]
    public async Task The_whole_pull_request_tells_whether_something_watched_has_changed()
    {
        var (project, repository) = await WatchingAsync("apps/web");
        repository.PullRequests[7] = [.. Enumerable.Range(0, 150).Select(number => $"docs/{number}.md"), "apps/web/last.ts"];
        repository.PullRequests[8] = [.. Enumerable.Range(0, 150).Select(number => $"docs/{number}.md")];
        repository.PullRequests[9] = ["apps/web/gone.ts -> docs/gone.ts"];

        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "opened", 8, Sha("8"), "b8")), project)).ShouldBe(("skipped", "The pull request changes nothing that is watched."));
        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "opened", 7, Sha("7"), "b7")), project)).Outcome.ShouldBe("deployed");
        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "synchronize", 9, Sha("9"), "b9")), project)).Outcome.ShouldBe("deployed");
        api.GitHubApi.Requests.ShouldContain(request => request.EndsWith("/shop/pulls/7/files?per_page=100&page=2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_known_whole_stops_no_preview()
    {
        var (project, repository) = await WatchingAsync("apps/web");
        repository.PullRequests[1] = [.. Enumerable.Range(0, 3001).Select(number => $"docs/{number}.md")];
        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "opened", 1, Sha("1"), "b1")), project)).Outcome.ShouldBe("deployed");
        // GitHub knows nothing of this one.
        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "opened", 2, Sha("2"), "b2")), project)).Outcome.ShouldBe("deployed");
        var unconnected = await api.AddProjectAsync((await api.SignUpAsync()).Id, change: row => row.WatchPaths = ["apps/web"]);
        (await api.OutcomeAsync("pull_request", Pull(unconnected, "opened", 3, Sha("3"), "b3"), unconnected)).Outcome.ShouldBe("deployed");
    }

    [Theory]
    [InlineData("Fix it [skip ci]")]
    [InlineData("Fix it\n\n[no ci]")]
    [InlineData("Fix it\n\n\nskip-checks: true\n")]
    public async Task The_last_commit_can_ask_to_skip(string message)
    {
        var (project, repository) = await WatchingAsync();
        repository.Messages[Sha(message)] = message;
        repository.Messages[Sha(message + "2")] = "Words about [skip ci";

        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "synchronize", 7, Sha(message), "feature")), project)).Reason.ShouldBe("The message of the last commit asks to skip it.");
        (await api.OutcomeAsync("pull_request", Of(repository, Pull(project, "synchronize", 7, Sha(message + "2"), "feature")), project)).Outcome.ShouldBe("deployed");
    }

    [Fact]
    public async Task A_pull_request_that_closes_takes_its_address_along_and_brings_it_back()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 7, Sha("1"), "feature/a"), project);
        var deployment = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        Text(await user.GetAsync($"/api/deployments/{deployment.Id}"), "branchUrl").ShouldBeNull();
        await SucceedAsync(deployment.Id);
        var address = Text(await user.GetAsync($"/api/deployments/{deployment.Id}"), "branchUrl").ShouldNotBeNull();
        address.ShouldContain($"//git-feature-a--{project.Slug}.");
        await using var sites = await api.Services.GetRequiredService<IEventBus>().SubscribeAsync<SiteChanged>(Topics.Sites, CancellationToken.None);

        (await api.OutcomeAsync("pull_request", Pull(project, "closed", 7, Sha("1"), "feature/a"), project)).Outcome.ShouldBe("removed");

        var closed = await user.GetAsync($"/api/deployments/{deployment.Id}");
        (Text(closed, "branchUrl"), Text(closed, "status")).ShouldBe((null, "success"));
        Text(closed, "immutableUrl").ShouldNotBeNull();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var change in sites.ReadAllAsync(patience.Token)) if (change.Payload.Slug == project.Slug) break;

        (await api.OutcomeAsync("pull_request", Pull(project, "reopened", 7, Sha("1"), "feature/a"), project)).Reason.ShouldBe("The commit is deployed already.");
        Text(await user.GetAsync($"/api/deployments/{deployment.Id}"), "branchUrl").ShouldBe(address);
        (await api.DeploymentsAsync(project)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_ended_with_its_branch_or_has_expired_is_deployed_again()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 7, Sha("1"), "feature"), project);
        await api.OutcomeAsync("pull_request", Pull(project, "closed", 7, Sha("1"), "feature"), project);

        (await api.OutcomeAsync("pull_request", Pull(project, "reopened", 7, Sha("1"), "feature"), project)).Outcome.ShouldBe("deployed");

        var again = (await api.DeploymentsAsync(project))[^1];
        again.Status.ShouldBe("queued");
        await SucceedAsync(again.Id);
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == again.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Manifest, (string?)null));
        (await api.OutcomeAsync("push", Push(project, Sha("1"), "feature"), project)).Outcome.ShouldBe("deployed");
        // One that somebody stopped stays stopped.
        await database.Deployments.Where(row => row.ProjectId == project.Id && row.Status == "queued").ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, "cancelled"));
        (await api.OutcomeAsync("push", Push(project, Sha("1"), "feature"), project)).Outcome.ShouldBe("skipped");
    }

    [Fact]
    public async Task A_pull_request_of_the_projects_own_branch_ends_nothing_and_a_fork_only_its_own()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("push", Push(project, Sha("1"), "feature"), project);
        var ours = (await api.DeploymentsAsync(project)).Single();
        await SucceedAsync(ours.Id);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 9, Sha("f"), "feature", "https://github.com/eve/shop.git"), project);
        var fork = (await api.DeploymentsAsync(project))[^1];
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == fork.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Approval, "approved"));
        await SucceedAsync(fork.Id);
        Text(await user.GetAsync($"/api/deployments/{fork.Id}"), "branchUrl")!.ShouldContain($"//pr-9--{project.Slug}.");

        // The fork was deleted meanwhile.
        var closed = Pull(project, "closed", 9, Sha("f"), "feature");
        closed["pull_request"]!["head"]!["repo"] = null;
        await api.OutcomeAsync("pull_request", closed, project);
        await api.OutcomeAsync("pull_request", Pull(project, "closed", 10, Sha("1"), "main"), project);

        Text(await user.GetAsync($"/api/deployments/{fork.Id}"), "branchUrl").ShouldBeNull();
        Text(await user.GetAsync($"/api/deployments/{ours.Id}"), "branchUrl")!.ShouldContain($"//git-feature--{project.Slug}.");
    }

    [Fact]
    public async Task Of_two_pull_requests_of_a_branch_the_last_takes_its_address_along()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 7, Sha("1"), "feature"), project);
        var first = (await api.DeploymentsAsync(project)).Single();
        await SucceedAsync(first.Id);
        // The other one deploys nothing new, or asks to be skipped: it is open all the same.
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 8, Sha("1"), "feature"), project);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 9, Sha("1"), "feature", title: "[skip ci]"), project);
        (await ReportsAsync(project)).ShouldContain(first.Id);
        await api.OutcomeAsync("push", Push(project, Sha("2"), "feature"), project);
        var second = (await api.DeploymentsAsync(project))[^1];

        (await api.OutcomeAsync("pull_request", Pull(project, "closed", 7, Sha("2"), "feature"), project)).ShouldBe(("skipped", "Another pull request of the branch is open."));
        (await api.OutcomeAsync("pull_request", Pull(project, "closed", 9, Sha("2"), "feature"), project)).Outcome.ShouldBe("skipped");

        Text(await user.GetAsync($"/api/deployments/{first.Id}"), "branchUrl")!.ShouldContain($"//git-feature--{project.Slug}.");
        (await api.DeploymentsAsync(project)).Single(row => row.Id == second.Id).Status.ShouldBe("queued");

        (await api.OutcomeAsync("pull_request", Pull(project, "closed", 8, Sha("2"), "feature"), project)).Outcome.ShouldBe("removed");
        Text(await user.GetAsync($"/api/deployments/{first.Id}"), "branchUrl").ShouldBeNull();
        (await api.DeploymentsAsync(project)).Single(row => row.Id == second.Id).Status.ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_branch_that_is_deleted_takes_its_address_along_whatever_is_open()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        foreach (var number in new[] { 7, 8 }) await api.OutcomeAsync("pull_request", Pull(project, "opened", number, Sha("1"), "feature"), project);
        var deployment = (await api.DeploymentsAsync(project)).Single();
        await SucceedAsync(deployment.Id);
        var deleted = Push(project, new string('0', 40), "feature");
        deleted["deleted"] = true;

        (await api.OutcomeAsync("push", deleted, project)).Outcome.ShouldBe("removed");

        Text(await user.GetAsync($"/api/deployments/{deployment.Id}"), "branchUrl").ShouldBeNull();
        await using var database = api.CreateContext();
        (await database.OpenPullRequests.AnyAsync(row => row.ProjectId == project.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_pull_requests_that_close_at_once_leave_no_address()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        foreach (var number in new[] { 7, 8 }) await api.OutcomeAsync("pull_request", Pull(project, "opened", number, Sha("1"), "feature"), project);
        var deployment = (await api.DeploymentsAsync(project)).Single();
        await SucceedAsync(deployment.Id);

        var outcomes = await Task.WhenAll(new[] { 7, 8 }.Select(number => api.OutcomeAsync("pull_request", Pull(project, "closed", number, Sha("1"), "feature"), project)));

        outcomes.Select(outcome => outcome.Outcome).Order().ShouldBe(["removed", "skipped"]);
        Text(await user.GetAsync($"/api/deployments/{deployment.Id}"), "branchUrl").ShouldBeNull();
    }

    [Fact]
    public async Task A_delivery_that_comes_to_two_instances_is_processed_by_one()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        using var other = api.With();
        using var first = api.CreateClient();
        using var second = other.CreateClient();
        var (id, body) = (Guid.NewGuid().ToString(), System.Text.Encoding.UTF8.GetBytes(Push(project, Sha("1")).ToJsonString()));
        async Task<bool> DeliverAsync(HttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/github/webhook") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("X-GitHub-Event", "push");
            request.Headers.Add("X-GitHub-Delivery", id);
            request.Headers.Add("X-Hub-Signature-256", Sign(body));
            return (await (await client.SendAsync(request)).ReadJsonAsync()).GetProperty("duplicate").GetBoolean();
        }

        var duplicates = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => DeliverAsync(number % 2 == 0 ? first : second)));

        duplicates.Count(each => !each).ShouldBe(1);
        (await api.DeploymentsAsync(project)).Count.ShouldBe(1);
    }

    /// <summary>Deployments that GitHub is to be told about.</summary>
    private async Task<List<Guid>> ReportsAsync(Project project)
    {
        var own = (await api.DeploymentsAsync(project)).ConvertAll(row => row.Id);
        await using var database = api.CreateContext();
        var payloads = await database.Database.SqlQuery<string>($"SELECT payload::text AS \"Value\" FROM jobs WHERE type = 'report-deployment' UNION ALL SELECT payload::text FROM outbox_jobs WHERE type = 'report-deployment'").ToListAsync();
        return own.FindAll(id => payloads.Exists(payload => payload.Contains(id.ToString(), StringComparison.Ordinal)));
    }

    private static JsonObject Of(FakeGitHubRepository repository, JsonObject payload)
    {
        payload["repository"]!["full_name"] = $"{repository.Owner}/{repository.Name}";
        return payload;
    }

    /// <summary>A project of a repository that its account can read.</summary>
    private async Task<(Project Project, FakeGitHubRepository Repository)> WatchingAsync(params string[] paths)
    {
        var (user, account, _) = await api.ConnectedAsync();
        var repository = account.AddRepository("shop", isPrivate: true);
        repository.Branches["main"] = Sha("main");
        var project = await api.AddProjectAsync(user.Id, repository.Id, row => row.WatchPaths = [.. paths]);
        project.GitHubRepoId.ShouldBe(repository.Id.ToString(CultureInfo.InvariantCulture));
        return (project, repository);
    }

    /// <summary>What the worker leaves of a success.</summary>
    private async Task SucceedAsync(Guid id)
    {
        await api.SucceedAsync(id, production: false);
        await using var database = api.CreateContext();
        var sha = await database.Deployments.Where(row => row.Id == id).Select(row => row.RequestedCommit).SingleAsync();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.CommitHash, sha));
        await BranchAliases.KeepAsync(database, id, api.Time.GetUtcNow(), CancellationToken.None);
    }
}
