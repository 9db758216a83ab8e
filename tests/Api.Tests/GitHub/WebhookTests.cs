using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.OAuth;
using Platform.Core.Data.Entities;
using static Platform.Api.Tests.GitHub.GitHubFixture;

namespace Platform.Api.Tests.GitHub;

[Trait("Category", "Integration")]
public sealed class WebhookTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task A_push_deploys_the_projects_branch_at_the_commit()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);

        (await api.OutcomeAsync("push", Push(project, Sha("1")), project)).Outcome.ShouldBe("deployed");

        var deployment = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        (deployment.Branch, deployment.RequestedCommit, deployment.Environment, deployment.Status, deployment.EnvVars, deployment.UserId)
            .ShouldBe(("main", Sha("1"), "production", "queued", "production secrets", user.Id));
        deployment.JobId.ShouldNotBeNull();
        deployment.Stages.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Another_branch_is_previewed_without_the_secrets_of_production()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);

        (await api.OutcomeAsync("push", Push(project, Sha("1"), "feature/größe-✓"), project)).Outcome.ShouldBe("deployed");

        var deployment = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        (deployment.Branch, deployment.Environment, deployment.EnvVars).ShouldBe(("feature/größe-✓", "preview", "preview secrets"));
    }

    [Fact]
    public async Task One_delivery_serves_all_projects_of_a_repository_by_what_each_watches()
    {
        var user = await api.SignUpAsync();
        var web = await api.AddProjectAsync(user.Id, change: row => row.WatchPaths = ["/apps/web/**"]);
        var docs = await api.AddProjectAsync(user.Id, long.Parse(web.GitHubRepoId!, System.Globalization.CultureInfo.InvariantCulture), row => row.WatchPaths = ["docs"]);

        (await api.OutcomeAsync("push", Push(web, Sha("1"), "main", "Change", "apps/web/a.ts"), web)).Outcome.ShouldBe("deployed");

        (await api.DeploymentsAsync(web)).Count.ShouldBe(1);
        (await api.DeploymentsAsync(docs)).ShouldBeEmpty();
        // A forced push does not tell what it took away.
        var forced = Push(web, Sha("2"), "main", "Change", "apps/web/a.ts");
        forced["forced"] = true;
        (await api.OutcomeAsync("push", forced, docs)).Outcome.ShouldBe("deployed");
    }

    [Theory]
    [InlineData("Fix it [skip ci]")]
    [InlineData("[CI skip]")]
    [InlineData("Words [skip deploy]")]
    public async Task A_message_can_ask_to_skip(string message)
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        (await api.OutcomeAsync("push", Push(project, Sha("1"), message: message), project)).Outcome.ShouldBe("skipped");
        (await api.DeploymentsAsync(project)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_off_or_made_by_somebody_who_may_not_is_not_deployed()
    {
        var off = await api.AddProjectAsync((await api.SignUpAsync()).Id, change: row => row.AutoDeploy = false);
        (await api.OutcomeAsync("push", Push(off, Sha("1")), off)).Outcome.ShouldBe("skipped");
        var unverified = await api.AddProjectAsync((await api.SignUpAsync(verified: false)).Id);
        (await api.OutcomeAsync("push", Push(unverified, Sha("1")), unverified)).Outcome.ShouldBe("skipped");
        var left = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        await using (var database = api.CreateContext())
        {
            var organization = new Organization { Id = Guid.NewGuid(), Name = "Acme", Slug = "acme-" + Guid.NewGuid().ToString("N")[..8] };
            database.Organizations.Add(organization);
            await database.SaveChangesAsync();
            await database.Projects.Where(row => row.Id == left.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.OwnerId, organization.Id));
        }

        (await api.OutcomeAsync("push", Push(left, Sha("1")), left)).Reason.ShouldNotBeNull().ShouldContain("may not deploy");
        (await api.DeploymentsAsync(left)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_newer_commit_takes_the_place_of_one_that_waits()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        await api.OutcomeAsync("push", Push(project, Sha("1")), project);
        await api.OutcomeAsync("push", Push(project, Sha("o"), "other"), project);
        await api.OutcomeAsync("push", Push(project, Sha("2")), project);

        var deployments = await api.DeploymentsAsync(project);
        deployments.Select(row => (row.Branch, row.Status, row.ErrorCode)).ShouldBe([("main", "cancelled", "SUPERSEDED"), ("other", "queued", null), ("main", "queued", null)]);
        deployments[0].ErrorMessage.ShouldNotBeNull().ShouldContain(Sha("2")[..7]);
        deployments[0].Stages.ShouldNotContain(stage => stage.Status == "in_progress");
        await using (var database = api.CreateContext())
        {
            (await database.DeploymentLogs.Where(line => line.DeploymentId == deployments[0].Id).Select(line => new { line.Seq, line.Message }).ToListAsync())
                .ShouldBe([new { Seq = 1L, Message = deployments[0].ErrorMessage! }]);
        }

        // Back to the first by force: that is a change as well.
        await api.OutcomeAsync("push", Push(project, Sha("1")), project);
        (await api.DeploymentsAsync(project)).Count(row => row.Status == "queued" && row.CommitHash == Sha("1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_that_comes_again_is_not_processed_again()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        var (id, body) = (Guid.NewGuid().ToString(), Push(project, Sha("1")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => api.DeliverAsync("push", body.DeepClone(), id)));

        var duplicates = await Task.WhenAll(answers.Select(async answer => (await answer.ReadJsonAsync()).GetProperty("duplicate").GetBoolean()));
        duplicates.Count(each => !each).ShouldBe(1);
        (await api.DeploymentsAsync(project)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_hundred_deliveries_at_once_leave_one_deployment_in_the_queue()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => api.DeliverAsync("push", Push(project, Sha(number.ToString(System.Globalization.CultureInfo.InvariantCulture))))));

        answers.ShouldAllBe(answer => (int)answer.StatusCode == 202);
        var deployments = await api.DeploymentsAsync(project);
        deployments.Count.ShouldBe(100);
        deployments.Count(row => row.Status == "queued").ShouldBe(1);
        deployments.Count(row => row.Status == "cancelled" && row.ErrorCode == "SUPERSEDED").ShouldBe(99);
    }

    [Fact]
    public async Task A_forged_signature_changes_nothing()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        var body = Push(project, Sha("1"));
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        foreach (var forged in new[] { "", "sha256=", Sign(bytes, "another secret"), Sign([.. bytes, 32]), "sha1=" + Sign(bytes)[7..], Sign(bytes)[..^2] })
            await (await api.DeliverAsync("push", body.DeepClone(), signature: forged)).ShouldBeErrorAsync(401, "GITHUB_SIGNATURE_INVALID");
        (await api.DeploymentsAsync(project)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bodies_that_are_too_large_or_no_JSON_are_refused_or_ignored()
    {
        (await api.DeliverAsync("push", new byte[26 * 1024 * 1024])).StatusCode.ShouldBe(System.Net.HttpStatusCode.RequestEntityTooLarge);
        (await (await api.DeliverAsync("push", Encoding.UTF8.GetBytes($"{{\"pad\":\"{new string('x', 20 * 1024 * 1024)}\"}}"))).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("ignored");
        await (await api.DeliverAsync("push", new JsonObject(), contentType: "application/x-www-form-urlencoded")).ShouldBeErrorAsync(415, "UNSUPPORTED_MEDIA_TYPE");
        foreach (var nonsense in new[] { "", "[]", "null", "{\"ref\":5}", "{\"repository\":{\"id\":\"x\"}}", "{\"repository\":null,\"ref\":\"refs/heads/main\"}", "{\"a\":\"\0\"}" })
            (await (await api.DeliverAsync("push", Encoding.UTF8.GetBytes(nonsense))).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("ignored", nonsense);
        await (await api.DeliverAsync("push", new JsonObject(), id: new string('x', 101))).ShouldBeErrorAsync(400, "BAD_REQUEST");
    }

    [Theory]
    [InlineData("refs/tags/v1")]
    [InlineData("refs/heads/-rf")]
    [InlineData("refs/heads/a..b")]
    public async Task What_is_no_branch_that_can_be_deployed_is_ignored(string reference)
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        foreach (var name in new[] { reference, "refs/heads/" + new string('x', 101) })
        {
            var push = Push(project, Sha("1"));
            push["ref"] = name;
            (await (await api.DeliverAsync("push", push)).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("ignored");
        }

        (await api.DeploymentsAsync(project)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ping_and_unknown_events_are_taken()
    {
        (await (await api.DeliverAsync("ping", new JsonObject { ["zen"] = "Keep it logically awesome." })).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("processed");
        (await (await api.DeliverAsync("star", new JsonObject { ["action"] = "created" })).ReadJsonAsync()).GetProperty("status").GetString().ShouldBe("ignored");
    }

    [Fact]
    public async Task An_installation_that_is_removed_at_GitHub_is_forgotten()
    {
        var user = await api.SignUpAsync();
        await using var database = api.CreateContext();
        database.GitHubInstallations.Add(new GitHubInstallation { Id = Guid.NewGuid(), OwnerId = user.Id, UserId = user.Id, InstallationId = 808, AccountId = 1, AccountLogin = "ada", AccountType = "User" });
        await database.SaveChangesAsync();

        await api.DeliverAsync("installation", new JsonObject { ["action"] = "deleted", ["installation"] = new JsonObject { ["id"] = 808 } });

        (await database.GitHubInstallations.AnyAsync(row => row.InstallationId == 808)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_branch_that_is_deleted_takes_what_waits_with_it()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        await api.OutcomeAsync("push", Push(project, Sha("1"), "feature"), project);
        await api.OutcomeAsync("push", Push(project, Sha("2")), project);
        var deleted = Push(project, new string('0', 40), "feature");
        deleted["deleted"] = true;
        deleted["head_commit"] = null;

        (await api.OutcomeAsync("push", deleted, project)).Outcome.ShouldBe("removed");

        (await api.DeploymentsAsync(project)).Select(row => (row.Branch, row.Status)).ShouldBe([("feature", "cancelled"), ("main", "queued")]);
    }

    [Fact]
    public async Task A_pull_request_of_the_repository_is_previewed_once_with_its_push()
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        await api.OutcomeAsync("push", Push(project, Sha("1"), "feature"), project);

        (await api.OutcomeAsync("pull_request", Pull(project, "opened", 7, Sha("1"), "feature"), project)).Outcome.ShouldBe("skipped");

        var deployment = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        (deployment.PullRequest, deployment.Approval).ShouldBe((7, null));
        (await api.OutcomeAsync("pull_request", Pull(project, "closed", 7, Sha("1"), "feature"), project)).Outcome.ShouldBe("removed");
        (await api.DeploymentsAsync(project)).Single().Status.ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_fork_waits_until_somebody_approves_once()
    {
        var user = await api.SignUpAsync();
        var project = await api.AddProjectAsync(user.Id);
        (await api.OutcomeAsync("pull_request", Pull(project, "opened", 9, Sha("f"), "main", "https://github.com/eve/shop.git"), project)).Outcome.ShouldBe("waiting");
        var waiting = (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        (waiting.Status, waiting.Approval, waiting.JobId, waiting.Source, waiting.Environment, waiting.EnvVars)
            .ShouldBe(("queued", "waiting", null, "https://github.com/eve/shop", "preview", "preview secrets"));
        var detail = await (await user.Client.GetAsync($"/api/deployments/{waiting.Id}")).ReadJsonAsync();
        detail.GetProperty("stages")[0].GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("approval");
        (detail.GetProperty("approval").GetString(), detail.GetProperty("pullRequest").GetInt32()).ShouldBe(("waiting", 9));

        var stranger = await api.SignUpAsync();
        await (await stranger.Client.PostAsync($"/api/deployments/{waiting.Id}/approve", null)).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => user.Client.PostAsync($"/api/deployments/{waiting.Id}/approve", null)));

        answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([202, 409, 409, 409, 409]);
        var approved = (await api.DeploymentsAsync(project)).Single();
        approved.Approval.ShouldBe("approved");
        var listed = (await (await user.Client.GetAsync($"/api/deployments?project={project.Id}")).ReadJsonAsync()).GetProperty("deployments")[0];
        (listed.GetProperty("approval").GetString(), listed.GetProperty("pullRequest").GetInt32()).ShouldBe(("approved", 9));
        approved.JobId.ShouldNotBeNull();
        // What it is now has not been looked at.
        (await api.OutcomeAsync("pull_request", Pull(project, "synchronize", 9, Sha("g"), "main", "https://github.com/eve/shop.git"), project)).Outcome.ShouldBe("waiting");
    }

    [Theory, InlineData("https://evil.example/eve/shop.git"), InlineData("https://github.com.evil.example/eve/shop"), InlineData("file:///etc"), InlineData("")]
    public async Task A_fork_is_at_the_place_of_the_repository(string address)
    {
        var project = await api.AddProjectAsync((await api.SignUpAsync()).Id);
        (await api.OutcomeAsync("pull_request", Pull(project, "opened", 9, Sha("f"), "main", address), project)).Outcome.ShouldBe("skipped");
        (await api.DeploymentsAsync(project)).ShouldBeEmpty();
    }

    [Fact]
    public async Task History_is_the_owners_and_can_be_replayed()
    {
        var (user, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var project = await api.AddProjectAsync(user.Id);
        var foreign = await api.AddProjectAsync(stranger.Id, long.Parse(project.GitHubRepoId!, System.Globalization.CultureInfo.InvariantCulture));
        await api.OutcomeAsync("push", Push(project, Sha("1"), message: "[skip ci]"), project);

        var list = await (await user.Client.GetAsync("/api/github/deliveries")).ReadJsonAsync();

        var delivery = list.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem();
        delivery.GetProperty("projects").EnumerateArray().ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("skipped");
        delivery.TryGetProperty("payload", out _).ShouldBeFalse();
        var id = delivery.GetProperty("id").GetGuid();
        var other = await api.SignUpAsync();
        await (await other.Client.PostAsync($"/api/github/deliveries/{id}/replay", null)).ShouldBeErrorAsync(404, "DELIVERY_NOT_FOUND");
        (await user.Client.PostAsync($"/api/github/deliveries/{id}/replay", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);

        (await api.DeploymentsAsync(project)).ShouldHaveSingleItem();
        // Only for who asked.
        (await api.DeploymentsAsync(foreign)).ShouldBeEmpty();
        var again = (await (await user.Client.GetAsync("/api/github/deliveries")).ReadJsonAsync()).GetProperty("deliveries")[0];
        again.GetProperty("attempts").GetInt32().ShouldBe(2);
        again.GetProperty("projects")[0].GetProperty("outcome").GetString().ShouldBe("deployed");
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_taken()
    {
        using var without = api.With(("GitHub:WebhookSecret", ""));
        using var client = without.CreateClient();
        await (await client.PostAsJsonAsync("/api/github/webhook", new { })).ShouldBeErrorAsync(404, "GITHUB_WEBHOOK_NOT_CONFIGURED");
    }
}
