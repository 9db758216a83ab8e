using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Deployments;
using Platform.Api.Tests.OAuth;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;
using Platform.Testing;
using static Platform.Api.Tests.GitHub.GitHubFixture;

namespace Platform.Api.Tests.GitHub;

/// <summary>Projects of repositories of GitHub: what GitHub calls them, and the webhooks that follow their settings.</summary>
[Trait("Category", "Integration")]
public sealed class ProjectRepositoryTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task A_project_of_a_name_or_an_address_knows_its_repository_and_asks_for_a_webhook()
    {
        var (user, account, _) = await api.ConnectedAsync();
        var (shop, docs) = (account.AddRepository("shop"), account.AddRepository("docs"));
        var named = await (await user.PostAsync("/api/projects", new { repository = "shop", branch = "main" })).ReadJsonAsync();
        var addressed = await (await user.PostAsync("/api/projects", new { repository = $"https://github.com/{docs.Owner}/docs.git", branch = "main" })).ReadJsonAsync();

        named.GetProperty("repository").GetString().ShouldBe($"https://github.com/{shop.Owner}/shop");
        named.GetProperty("name").GetString().ShouldBe("shop");
        (await StoredAsync(named)).GitHubRepoId.ShouldBe(Text(shop.Id));
        (await StoredAsync(addressed)).GitHubRepoId.ShouldBe(Text(docs.Id));
        foreach (var project in new[] { named, addressed }) (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(1);
    }

    [Fact]
    public async Task Names_that_lead_nowhere_are_refused_and_addresses_are_taken()
    {
        var (connected, _, _) = await api.ConnectedAsync();
        await (await connected.PostAsync("/api/projects", new { repository = "nobody/nothing", branch = "main" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        var stranger = await api.SignUpAsync();
        var error = await (await stranger.PostAsync("/api/projects", new { repository = "shop", branch = "main" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").TryGetProperty("repository", out _).ShouldBeTrue();

        var project = await (await stranger.PostAsync("/api/projects", new { repository = "https://github.com/ada/open", branch = "main" })).ReadJsonAsync();
        (await StoredAsync(project)).GitHubRepoId.ShouldBeNull();
        (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(0);
        await (await stranger.Client.PutAsJsonAsync($"/api/projects/{project.Id()}", new { name = "open", repository = "ada/open", branch = "main" }))
            .ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Another_setting_changes_nothing_at_GitHub_and_asks_it_nothing()
    {
        var (project, user, _) = await HookedAsync();
        var (jobs, asked) = (await JobsAsync(SyncWebhookJob.Type, project.Id()), api.GitHubApi.Requests.Count(request => request.Contains(Name(project), StringComparison.Ordinal)));

        await SaveAsync(user, project, new { name = "Other", repository = Address(project), branch = "next", buildCommand = "make" });

        (await StoredAsync(project)).GitHubHookId.ShouldBe(77);
        (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(jobs);
        api.GitHubApi.Requests.Count(request => request.Contains(Name(project), StringComparison.Ordinal)).ShouldBe(asked);
    }

    [Fact]
    public async Task Automatic_deployment_off_and_on_are_followed()
    {
        var (project, user, _) = await HookedAsync();
        var before = await JobsAsync(SyncWebhookJob.Type, project.Id());

        await SaveAsync(user, project, new { name = "shop", repository = Address(project), branch = "main", autoDeploy = false });
        (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(before + 1);
        await SaveAsync(user, project, new { name = "shop", repository = Address(project), branch = "main", autoDeploy = true });
        (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(before + 2);
        (await StoredAsync(project)).GitHubRepoId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Another_repository_takes_the_webhook_from_the_old_one()
    {
        var (project, user, account) = await HookedAsync();
        var old = await StoredAsync(project);
        var other = account.AddRepository("other");

        await SaveAsync(user, project, new { name = "shop", repository = $"{other.Owner}/other", branch = "main" });

        var moved = await StoredAsync(project);
        (moved.GitHubRepoId, moved.GitHubHookId).ShouldBe((Text(other.Id), null));
        (await JobsAsync(SyncWebhookJob.Type, project.Id())).ShouldBe(2);
        (await RemovalAsync(77, old.GitHubRepoId!)).ShouldBe(new RemoveWebhookJob(user.Id, old.Repository, old.GitHubRepoId!, 77));

        // To a repository that is not GitHub's: pushes of the one before deploy it no longer.
        await SaveAsync(user, project, new { name = "shop", repository = "https://git.example.com/team/elsewhere", branch = "main" });
        (await StoredAsync(project)).GitHubRepoId.ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_project_leaves_no_webhook()
    {
        var (project, user, _) = await HookedAsync();
        var old = await StoredAsync(project);

        var answers = await Task.WhenAll(user.Client.DeleteAsync($"/api/projects/{project.Id()}"), user.Client.DeleteAsync($"/api/projects/{project.Id()}"));

        answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([204, 404]);
        (await RemovalAsync(77, old.GitHubRepoId!)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_redeployed_pull_request_keeps_its_comment()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 7, Sha("1"), "feature"), project);
        var first = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();

        foreach (var latest in new[] { false, true })
        {
            var again = await (await user.PostAsync($"/api/deployments/{first.Id}/redeploy", new { latest })).ReadJsonAsync();
            again.GetProperty("pullRequest").GetInt32().ShouldBe(7);
            again.GetProperty("environment").GetString().ShouldBe("preview");
            (await JobsAsync(ReportDeploymentJob.Type, again.Id())).ShouldBe(1);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_redeployed_fork_stays_a_preview_of_the_fork_and_counts_as_approved(bool latest)
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        // The fork's branch is called as the project's own.
        await api.OutcomeAsync("pull_request", Pull(project, "opened", 9, Sha("f"), "main", "https://github.com/eve/shop.git"), project);
        var waiting = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        var detail = await user.GetAsync($"/api/deployments/{waiting.Id}");
        detail.GetProperty("approval").GetString().ShouldBe("waiting");
        await (await (await api.SignUpAsync()).PostAsync($"/api/deployments/{waiting.Id}/redeploy", new { latest })).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");

        var id = (await (await user.PostAsync($"/api/deployments/{waiting.Id}/redeploy", new { latest })).ReadJsonAsync()).Id();

        var again = (await api.DeploymentsAsync(project)).Single(row => row.Id == id);
        (again.Source, again.Environment, again.EnvVars, again.Approval, again.PullRequest)
            .ShouldBe(("https://github.com/eve/shop", "preview", "preview secrets", "approved", 9));
        again.RequestedCommit.ShouldBe(latest ? null : Sha("f"));
        again.JobId.ShouldNotBeNull();
        (await user.GetAsync("/api/deployments?environment=production")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_deployment_is_told_to_GitHub()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("push", Push(project, Sha("1")), project);
        var id = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem().Id;
        var before = await JobsAsync(ReportDeploymentJob.Type, id);

        (await user.PostAsync($"/api/deployments/{id}/cancel")).EnsureSuccessStatusCode();

        (await JobsAsync(ReportDeploymentJob.Type, id)).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData(DeploymentStatus.Queued, false, 1)]
    [InlineData(DeploymentStatus.Building, false, 1)]
    [InlineData(DeploymentStatus.Failed, false, 0)]
    [InlineData(DeploymentStatus.Queued, true, 1)]
    public async Task A_deployment_that_is_deleted_before_its_end_is_told_to_GitHub(string status, bool withProject, int told)
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        await api.OutcomeAsync("push", Push(project, Sha("1")), project);
        var deployment = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == deployment.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, status));

        (await user.Client.DeleteAsync(withProject ? $"/api/projects/{deployment.ProjectId}" : $"/api/deployments/{deployment.Id}")).EnsureSuccessStatusCode();

        (await JobsAsync(ReportDeletedDeploymentJob.Type, deployment.Id)).ShouldBe(told);
    }

    private async Task<(JsonElement Project, ApiUser User, FakeGitHubAccount Account)> HookedAsync()
    {
        var (user, account, _) = await api.ConnectedAsync();
        account.AddRepository("shop");
        var project = await (await user.PostAsync("/api/projects", new { repository = "shop", branch = "main" })).ReadJsonAsync();
        await using var database = api.CreateContext();
        var id = project.Id();
        await database.Projects.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.GitHubHookId, 77));
        return (project, user, account);
    }

    private static async Task SaveAsync(ApiUser user, JsonElement project, object settings) =>
        await (await user.Client.PutAsJsonAsync($"/api/projects/{project.Id()}", settings)).ReadJsonAsync();

    private static string Address(JsonElement project) => project.GetProperty("repository").GetString()!;

    private static string Name(JsonElement project) => project.GetProperty("repo").GetString()!;

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Project> StoredAsync(JsonElement project)
    {
        await using var database = api.CreateContext();
        var id = project.Id();
        return await database.Projects.AsNoTracking().SingleAsync(row => row.Id == id);
    }

    /// <summary>Jobs of the type that speak of the row, relayed or not; for a moment they are both.</summary>
    private async Task<int> JobsAsync(string type, Guid about) => (await PayloadsAsync(type)).Count(payload => payload.Contains(about.ToString(), StringComparison.Ordinal));

    private async Task<RemoveWebhookJob?> RemovalAsync(long hook, string repository) => (await PayloadsAsync(RemoveWebhookJob.Type))
        .Select(payload => JsonSerializer.Deserialize<RemoveWebhookJob>(payload, JsonSerializerOptions.Web)!).SingleOrDefault(job => job.HookId == hook && job.RepositoryId == repository);

    private async Task<List<string>> PayloadsAsync(string type)
    {
        await using var database = api.CreateContext();
        return await database.Database.SqlQuery<string>(
            $"""
             SELECT payload::text AS "Value" FROM jobs WHERE type = {type}
             UNION ALL
             SELECT payload AS "Value" FROM outbox_jobs waiting WHERE type = {type} AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = waiting.id)
             """).ToListAsync();
    }
}
