using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class DeploymentActionsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Redeploy_takes_the_same_commit_with_the_settings_of_then()
    {
        var user = await api.SignUpAsync();
        var first = await user.DeployAsync(envVars: "KEY=first");
        await api.SucceedAsync(first.Id(), production: true);
        // Later settings and another repository of the project do not matter.
        (await user.Client.PutAsync($"/api/projects/{first.GetProperty("projectId").GetGuid()}", Json(
            new { name = "shop", repository = "https://git.example.com/team/other", branch = "next", buildCommand = "make" }))).EnsureSuccessStatusCode();

        var again = await (await user.PostAsync($"/api/deployments/{first.Id()}/redeploy", new { useCache = false })).ReadJsonAsync();
        again.Id().ShouldNotBe(first.Id());
        again.GetProperty("useCache").GetBoolean().ShouldBeFalse();
        again.GetProperty("repo").GetString().ShouldBe("team/shop");
        await using var database = api.CreateContext();
        var (old, stored) = (await database.Deployments.SingleAsync(row => row.Id == first.Id()), await database.Deployments.SingleAsync(row => row.Id == again.Id()));
        stored.ShouldSatisfyAllConditions(
            row => row.RequestedCommit.ShouldBe(old.CommitHash),
            row => row.Branch.ShouldBe("main"),
            row => row.BuildCommand.ShouldBeNull(),
            row => row.EnvVars.ShouldBe(old.EnvVars),
            row => row.CommitHash.ShouldBeNull(),
            row => row.Manifest.ShouldBeNull(),
            row => row.Status.ShouldBe(DeploymentStatus.Queued));
    }

    [Fact]
    public async Task Redeploy_of_the_latest_takes_the_settings_of_now()
    {
        var user = await api.SignUpAsync();
        var first = await user.DeployAsync();
        await api.SucceedAsync(first.Id(), production: false);
        (await user.Client.PutAsync($"/api/projects/{first.GetProperty("projectId").GetGuid()}", Json(
            new { name = "shop", repository = "https://git.example.com/team/shop", branch = "main", buildCommand = "make" }))).EnsureSuccessStatusCode();

        var again = await (await user.PostAsync($"/api/deployments/{first.Id()}/redeploy", new { latest = true })).ReadJsonAsync();
        again.GetProperty("useCache").GetBoolean().ShouldBeTrue();
        await using var database = api.CreateContext();
        var stored = await database.Deployments.SingleAsync(row => row.Id == again.Id());
        stored.RequestedCommit.ShouldBeNull();
        stored.BuildCommand.ShouldBe("make");
    }

    [Fact]
    public async Task Two_redeploys_at_once_are_two_deployments_with_a_job_each()
    {
        var user = await api.SignUpAsync();
        var first = await user.DeployAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => await (await user.PostAsync($"/api/deployments/{first.Id()}/redeploy", new { })).ReadJsonAsync()));

        answers.Select(answer => answer.Id()).Distinct().Count().ShouldBe(6);
        await using var database = api.CreateContext();
        var stored = await database.Deployments.Where(row => row.OwnerId == user.Id).Select(row => row.JobId).ToListAsync();
        stored.Count.ShouldBe(7);
        stored.ShouldNotContain((Guid?)null);
        stored.ShouldBeUnique();
    }

    [Fact]
    public async Task A_waiting_deployment_tells_its_position()
    {
        var user = await api.SignUpAsync();
        var (first, second) = (await user.DeployAsync(), await user.DeployAsync());
        var position = await PositionAsync(first);
        position.ShouldBeGreaterThan(0);
        (await PositionAsync(second)).ShouldBeGreaterThan(position);
        (await user.PostAsync($"/api/deployments/{first.Id()}/cancel")).EnsureSuccessStatusCode();
        (await user.GetAsync($"/api/deployments/{first.Id()}")).GetProperty("queuePosition").ValueKind.ShouldBe(JsonValueKind.Null);

        // Known once its job is in the queue, which may be after the answer.
        async Task<int> PositionAsync(JsonElement deployment)
        {
            var found = await Eventually.ValueAsync(
                async () => (await user.GetAsync($"/api/deployments/{deployment.Id()}")).GetProperty("queuePosition"), value => value.ValueKind == JsonValueKind.Number);
            return found.GetInt32();
        }
    }

    [Fact]
    public async Task A_failure_tells_its_hint_and_its_line()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        await using (var database = api.CreateContext())
        {
            await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row
                .SetProperty(each => each.Status, DeploymentStatus.Failed).SetProperty(each => each.ErrorCode, "BUILD_FAILED").SetProperty(each => each.ErrorMessage, "It failed.")
                .SetProperty(each => each.ErrorHint, "Mend it.").SetProperty(each => each.ErrorLine, "error TS2304"));
        }

        var error = (await user.GetAsync($"/api/deployments/{id}")).GetProperty("error");
        error.GetProperty("hint").GetString().ShouldBe("Mend it.");
        error.GetProperty("line").GetString().ShouldBe("error TS2304");
    }

    [Fact]
    public async Task Production_is_not_deleted_and_everything_else_is_gone_with_its_log()
    {
        var user = await api.SignUpAsync();
        var (old, current) = (await user.DeployAsync(), await user.DeployAsync());
        await api.SucceedAsync(old.Id(), production: true);
        await api.SucceedAsync(current.Id(), production: true);

        await (await user.Client.DeleteAsync($"/api/deployments/{current.Id()}")).ShouldBeErrorAsync(409, "DEPLOYMENT_IN_PRODUCTION");
        (await user.Client.DeleteAsync($"/api/deployments/{old.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.Client.DeleteAsync($"/api/deployments/{old.Id()}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        await (await user.Client.GetAsync($"/api/deployments/{old.Id()}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        (await user.GetAsync("/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Of_promoting_and_deleting_at_once_one_wins()
    {
        var user = await api.SignUpAsync();
        for (var round = 0; round < 5; round++)
        {
            var id = (await user.DeployAsync($"https://git.example.com/race/{round}")).Id();
            await api.SucceedAsync(id, production: false);
            var both = await Task.WhenAll(user.PostAsync($"/api/deployments/{id}/promote"), user.Client.DeleteAsync($"/api/deployments/{id}"));

            await using var database = api.CreateContext();
            var exists = await database.Deployments.AnyAsync(row => row.Id == id);
            both[1].StatusCode.ShouldBe(exists ? HttpStatusCode.Conflict : HttpStatusCode.NoContent);
            (await database.Projects.AnyAsync(row => row.ProductionDeploymentId == id)).ShouldBe(exists);
        }
    }

    [Fact]
    public async Task A_deployment_is_deleted_while_it_is_built()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, DeploymentStatus.Building));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => user.Client.DeleteAsync($"/api/deployments/{id}")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound).ShouldBe(2);
        (await database.DeploymentCounts.Where(count => count.OwnerId == user.Id).SumAsync(count => count.Total)).ShouldBe(0);
        (await database.DeploymentStages.CountAsync(stage => stage.DeploymentId == id)).ShouldBe(0);
    }

    [Fact]
    public async Task Promote_and_rollback_move_production()
    {
        var user = await api.SignUpAsync();
        var (first, second) = (await user.DeployAsync(), await user.DeployAsync());
        await api.SucceedAsync(first.Id(), production: true);
        await (await user.PostAsync($"/api/deployments/{second.Id()}/promote")).ShouldBeErrorAsync(409, "DEPLOYMENT_NOT_PROMOTABLE");
        await api.SucceedAsync(second.Id(), production: false);
        (await user.GetAsync($"/api/deployments/{second.Id()}")).GetProperty("promotable").GetBoolean().ShouldBeTrue();

        var promoted = await (await user.PostAsync($"/api/deployments/{second.Id()}/promote")).ReadJsonAsync();
        promoted.GetProperty("inProduction").GetBoolean().ShouldBeTrue();
        promoted.GetProperty("promotable").GetBoolean().ShouldBeFalse();
        var project = first.GetProperty("projectId").GetGuid();
        var rolledBack = await (await user.PostAsync($"/api/projects/{project}/rollback", new { })).ReadJsonAsync();
        rolledBack.GetProperty("deploymentId").GetGuid().ShouldBe(first.Id());
        rolledBack.GetProperty("previousDeploymentId").GetGuid().ShouldBe(second.Id());
        (await user.GetAsync($"/api/projects/{project}")).GetProperty("productionPinned").GetBoolean().ShouldBeTrue();
        var resumed = await (await user.PostAsync($"/api/projects/{project}/resume")).ReadJsonAsync();
        resumed.GetProperty("deploymentId").GetGuid().ShouldBe(second.Id());
        await (await user.PostAsync($"/api/projects/{project}/rollback", new { deploymentId = Guid.NewGuid() })).ShouldBeErrorAsync(409, "NOTHING_TO_ROLL_BACK");
    }

    [Fact]
    public async Task Another_branch_of_a_site_that_is_online_is_a_preview_and_changes_no_setting()
    {
        var user = await api.SignUpAsync();
        object Request(string branch, string? build = null, object? variables = null) => new { repository = "https://git.example.com/team/branches", branch, buildCommand = build, envVars = variables };
        var first = await (await user.PostAsync("/api/deployments", Request("master", "make", new { A = "1" }))).ReadJsonAsync();
        var project = first.GetProperty("projectId").GetGuid();
        // Nothing is online yet: the branch was a slip.
        var second = await (await user.PostAsync("/api/deployments", Request("main", "make"))).ReadJsonAsync();
        second.GetProperty("environment").GetString().ShouldBe("production");
        await api.SucceedAsync(second.Id(), production: true);

        var preview = await (await user.PostAsync("/api/deployments", Request("feature/x", "make preview", new { A = "2" }))).ReadJsonAsync();

        (preview.GetProperty("environment").GetString(), preview.GetProperty("projectId").GetGuid()).ShouldBe(("preview", project));
        var now = await user.GetAsync($"/api/projects/{project}");
        (now.GetProperty("branch").GetString(), now.GetProperty("buildCommand").GetString()).ShouldBe(("main", "make"));
        await using var database = api.CreateContext();
        var row = await database.Deployments.AsNoTracking().Include(each => each.Project).SingleAsync(each => each.Id == preview.Id());
        row.BuildCommand.ShouldBe("make preview");
        row.EnvVars.ShouldNotBe(row.Project!.EnvVars);
        (await (await user.PostAsync("/api/deployments", Request("main", "make all"))).ReadJsonAsync()).GetProperty("environment").GetString().ShouldBe("production");
    }

    [Fact]
    public async Task Of_two_who_roll_back_the_same_deployment_the_second_is_told_so()
    {
        var user = await api.SignUpAsync();
        var (first, second) = (await user.DeployAsync(), await user.DeployAsync());
        var project = first.GetProperty("projectId").GetGuid();
        await api.SucceedAsync(first.Id(), production: true);
        await api.SucceedAsync(second.Id(), production: false);
        (await user.PostAsync($"/api/deployments/{second.Id()}/promote")).EnsureSuccessStatusCode();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => user.PostAsync($"/api/projects/{project}/rollback", new { from = second.Id() })));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var answer in answers.Where(answer => !answer.IsSuccessStatusCode)) await answer.ShouldBeErrorAsync(409, "PRODUCTION_MOVED");
        (await user.GetAsync($"/api/projects/{project}")).GetProperty("productionDeploymentId").GetGuid().ShouldBe(first.Id());
        await (await user.PostAsync($"/api/projects/{project}/rollback", new { from = first.Id() })).ShouldBeErrorAsync(409, "NOTHING_TO_ROLL_BACK");
        (await user.PostAsync($"/api/projects/{project}/rollback", new { from = "nonsense" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_whole_log_is_downloaded_as_text()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        await using (var database = api.CreateContext())
        {
            await database.Database.ExecuteSqlAsync(
                $"INSERT INTO deployment_logs (deployment_id, seq, log_level, message) SELECT {id}, n, 'info', chr(27) || '[32mline ' || n || chr(27) || '[0m' FROM generate_series(1, 100000) n");
        }

        using var response = await user.Client.GetAsync($"/api/deployments/{id}/logs/download", HttpCompletionOption.ResponseHeadersRead);
        // As it is read: nobody knows how long it will be.
        response.Content.Headers.ContentLength.ShouldBeNull();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"deployment-{id}.log");
        var lines = (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(100_000);
        lines[0].ShouldEndWith("] \u001b[32mline 1\u001b[0m");
        lines[^1].ShouldEndWith("line 100000\u001b[0m");

        var plain = (await user.Client.GetStringAsync($"/api/deployments/{id}/logs/download?ansi=false")).TrimEnd('\n').Split('\n');
        plain.Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..]).ShouldBe(Enumerable.Range(1, 100_000).Select(number => $"line {number}"));
        await (await user.Client.GetAsync($"/api/deployments/{id}/logs/download?ansi=maybe")).ShouldBeErrorAsync(400, "BAD_REQUEST");
    }

    [Fact]
    public async Task A_list_is_walked_by_cursor_and_narrowed()
    {
        var user = await api.SignUpAsync();
        var projects = new List<Guid>();
        for (var number = 0; number < 9; number++) projects.Add((await user.DeployAsync($"https://git.example.com/walk/app-{number % 2}")).GetProperty("projectId").GetGuid());
        (await user.PostAsync($"/api/projects/{projects[0]}/deployments", new { branch = "feature/x" })).EnsureSuccessStatusCode();

        var seen = new List<Guid>();
        for (string? cursor = null; ;)
        {
            var page = await user.GetAsync($"/api/deployments?limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("deployments").EnumerateArray().Select(item => item.Id()));
            page.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(10);
            cursor = page.GetProperty("nextCursor").GetString();
            if (cursor is null) break;
        }

        seen.Count.ShouldBe(10);
        seen.ShouldBeUnique();
        foreach (var (query, expected) in new[] { ($"project={projects[1]}", 4), ("branch=feature%2Fx", 1), ("environment=preview", 1), ("environment=production", 9), ("branch=none", 0) })
        {
            var page = await user.GetAsync($"/api/deployments?{query}");
            page.GetProperty("deployments").GetArrayLength().ShouldBe(expected, query);
            page.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(expected, query);
        }

        (await user.GetAsync($"/api/projects/{projects[0]}/deployments")).GetProperty("deployments").GetArrayLength().ShouldBe(6);
        foreach (var bad in new[] { "cursor=x", "limit=0", "limit=101", "page=0", $"page={int.MaxValue.ToString(CultureInfo.InvariantCulture)}", "environment=staging" })
            await (await user.Client.GetAsync($"/api/deployments?{bad}")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        (await user.GetAsync("/api/deployments?page=4&limit=3")).GetProperty("deployments").GetArrayLength().ShouldBe(1);
        (await user.GetAsync("/api/deployments?page=5&limit=3")).GetProperty("deployments").GetArrayLength().ShouldBe(0);
    }

    private static JsonContent Json(object body) => JsonContent.Create(body);
}
