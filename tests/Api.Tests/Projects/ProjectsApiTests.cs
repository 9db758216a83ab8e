using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Deployments;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Projects;

[Trait("Category", "Integration")]
public sealed class ProjectsApiTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Repository = "https://git.example.com/team/shop";

    [Fact]
    public async Task A_project_is_made_read_changed_and_listed()
    {
        var user = await api.SignUpAsync();
        var response = await user.PostAsync("/api/projects", new { repository = Repository, branch = "main", rootDir = "apps/web/", watchPaths = new[] { "/apps/web/**", "apps/web/**" }, autoDeploy = false });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var made = await response.ReadJsonAsync();
        made.GetProperty("name").GetString().ShouldBe("shop");
        // Nothing was said: detected, whatever the columns default to.
        foreach (var detected in new[] { "installCommand", "buildCommand", "outputDir", "nodeVersion" }) made.GetProperty(detected).ValueKind.ShouldBe(JsonValueKind.Null, detected);
        made.GetProperty("autoDeploy").GetBoolean().ShouldBeFalse();
        made.GetProperty("watchPaths").EnumerateArray().Select(path => path.GetString()).ShouldBe(["apps/web/**"]);

        var changed = await (await user.Client.PutAsJsonAsync($"/api/projects/{made.Id()}", new
        {
            name = "Shop",
            repository = Repository,
            branch = "next",
            rootDir = "apps/web",
            buildCommand = "make",
            nodeVersion = "22",
            submodules = true,
            site = new { protection = "previews", password = "a long password", spaFallback = true, keepDeployments = 3 },
        })).ReadJsonAsync();
        changed.GetProperty("buildCommand").GetString().ShouldBe("make");
        changed.GetProperty("autoDeploy").GetBoolean().ShouldBeFalse();
        changed.GetProperty("site").GetProperty("hasPassword").GetBoolean().ShouldBeTrue();
        changed.ToString().ShouldNotContain("a long password");
        var cleared = await (await user.Client.PutAsJsonAsync($"/api/projects/{made.Id()}", new { name = "Shop", repository = Repository, branch = "next" })).ReadJsonAsync();
        cleared.GetProperty("buildCommand").ValueKind.ShouldBe(JsonValueKind.Null);
        cleared.GetProperty("submodules").GetBoolean().ShouldBeTrue();
        cleared.GetProperty("site").GetProperty("protection").GetString().ShouldBe("previews");

        (await user.GetAsync("/api/projects?search=SHO")).GetProperty("projects").EnumerateArray().ShouldHaveSingleItem().GetProperty("lastStatus").ValueKind.ShouldBe(JsonValueKind.Null);
        (await user.GetAsync("/api/projects?search=%25")).GetProperty("projects").GetArrayLength().ShouldBe(0);
        (await user.GetAsync($"/api/projects/{made.Id()}")).GetProperty("url").GetString()!.ShouldContain(made.GetProperty("slug").GetString()!);
    }

    [Fact]
    public async Task A_refused_site_setting_leaves_the_rest_as_it_was()
    {
        var user = await api.SignUpAsync();
        var id = (await (await user.PostAsync("/api/projects", new { repository = Repository, branch = "main" })).ReadJsonAsync()).Id();

        var error = await (await user.Client.PutAsJsonAsync(
            $"/api/projects/{id}", new { name = "Other", repository = Repository, branch = "main", site = new { protection = "all" } })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").TryGetProperty("site.password", out _).ShouldBeTrue();
        (await user.GetAsync($"/api/projects/{id}")).GetProperty("name").GetString().ShouldBe("shop");
    }

    [Theory]
    [InlineData("""{"branch":"main"}""", "repository")]
    [InlineData("""{"repository":"https://git.example.com/a/b"}""", "branch")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","slug":"a--b"}""", "slug")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","slug":"www"}""", "slug")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","slug":"Upper"}""", "slug")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","rootDir":"../x"}""", "rootDir")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","nodeVersion":"$(id)"}""", "nodeVersion")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","watchPaths":["../x"]}""", "watchPaths")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","watchPaths":[null]}""", "watchPaths")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","name":"a\u0000b"}""", "name")]
    public async Task Bad_settings_name_their_field(string json, string field)
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsync("/api/projects", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        var error = await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task Slugs_and_sources_are_unique_also_at_once()
    {
        var user = await api.SignUpAsync();
        var slug = $"s{Guid.NewGuid():N}"[..20];
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            user.PostAsync("/api/projects", new { repository = $"https://git.example.com/slug/{number}", branch = "main", slug })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await refused.ShouldBeErrorAsync(409, "SLUG_TAKEN");

        // The same name without a wish for the host name: everybody gets one.
        var plain = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
            await (await user.PostAsync("/api/projects", new { repository = $"https://git.example.com/same/{number}", branch = "main", name = "The Same" })).ReadJsonAsync()));
        plain.Select(project => project.GetProperty("slug").GetString()).ShouldBeUnique();
        await (await user.PostAsync("/api/projects", new { repository = "https://git.example.com/same/0", branch = "main" })).ShouldBeErrorAsync(409, "PROJECT_EXISTS");
        var own = plain[1].Id();
        await (await user.Client.PutAsJsonAsync($"/api/projects/{own}", new { name = "x", repository = "https://git.example.com/same/0", branch = "main" })).ShouldBeErrorAsync(409, "PROJECT_EXISTS");
    }

    [Fact]
    public async Task Deleting_takes_everything_along_also_while_deployments_are_asked_for()
    {
        var user = await api.SignUpAsync();
        var first = await user.DeployAsync();
        await api.SucceedAsync(first.Id(), production: true);
        var project = first.GetProperty("projectId").GetGuid();
        (await user.PostAsync($"/api/projects/{project}/domains", new { host = $"{Guid.NewGuid():N}.example.com" })).EnsureSuccessStatusCode();

        var deleting = user.Client.DeleteAsync($"/api/projects/{project}");
        var deploying = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => user.PostAsync($"/api/projects/{project}/deployments", new { })));
        (await deleting).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        deploying.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Accepted || answer.StatusCode == HttpStatusCode.NotFound);
        await (await user.Client.GetAsync($"/api/projects/{project}")).ShouldBeErrorAsync(404, "PROJECT_NOT_FOUND");
        await (await user.Client.DeleteAsync($"/api/projects/{project}")).ShouldBeErrorAsync(404, "PROJECT_NOT_FOUND");
        await using var database = api.CreateContext();
        (await database.Deployments.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
        (await database.SiteDomains.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
        (await database.AuditEvents.CountAsync(row => row.OwnerId == user.Id && row.Action == "project.deleted")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_branch_is_a_preview_with_its_own_variables()
    {
        var user = await api.SignUpAsync();
        var project = (await user.DeployAsync()).GetProperty("projectId").GetGuid();
        (await user.Client.PutAsJsonAsync($"/api/projects/{project}/env", new { preview = new[] { new { name = "STAGE", value = "preview" } } })).EnsureSuccessStatusCode();

        var preview = await (await user.PostAsync($"/api/projects/{project}/deployments", new { branch = "topic", useCache = false })).ReadJsonAsync();
        preview.GetProperty("environment").GetString().ShouldBe("preview");
        await using var database = api.CreateContext();
        var stored = await database.Deployments.Include(row => row.Project).SingleAsync(row => row.Id == preview.Id());
        stored.EnvVars.ShouldNotBeNull().ShouldBe(stored.Project!.PreviewEnvVars);
        stored.UseCache.ShouldBeFalse();
        stored.Project.Branch.ShouldBe("main");
        await (await user.PostAsync($"/api/projects/{project}/deployments", new { branch = "-x" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Domains_are_claimed_once_and_only_a_verified_one_is_primary()
    {
        var user = await api.SignUpAsync();
        var project = (await user.DeployAsync()).GetProperty("projectId").GetGuid();
        var path = $"/api/projects/{project}/domains";
        var host = $"{Guid.NewGuid():N}.example.com";
        var added = await (await user.PostAsync(path, new { host = host.ToUpperInvariant() + "." })).ReadJsonAsync();
        added.GetProperty("host").GetString().ShouldBe(host);
        added.GetProperty("record").GetProperty("name").GetString().ShouldBe($"_autostack.{host}");
        await (await user.PostAsync(path, new { host })).ShouldBeErrorAsync(409, "DOMAIN_EXISTS");
        foreach (var bad in new[] { "localhost", "127.0.0.1", "x.apps.localhost", "a b.example.com" }) await (await user.PostAsync(path, new { host = bad })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await user.PostAsync($"{path}/{added.Id()}/primary")).ShouldBeErrorAsync(409, "DOMAIN_NOT_VERIFIED");

        await using var database = api.CreateContext();
        var second = (await (await user.PostAsync(path, new { host = "b" + host })).ReadJsonAsync()).Id();
        await database.SiteDomains.Where(row => row.ProjectId == project).ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, SiteDomainStatus.Verified));
        var both = await Task.WhenAll(user.PostAsync($"{path}/{added.Id()}/primary"), user.PostAsync($"{path}/{second}/primary"));
        both.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.NoContent);
        var primary = (await user.GetAsync(path)).GetProperty("domains").EnumerateArray().Where(domain => domain.GetProperty("primary").GetBoolean()).ShouldHaveSingleItem();
        (await user.GetAsync($"/api/projects/{project}")).GetProperty("url").GetString()!.ShouldContain(primary.GetProperty("host").GetString()!);
        (await user.Client.DeleteAsync($"{path}/{primary.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.Client.DeleteAsync($"{path}/{primary.Id()}")).ShouldBeErrorAsync(404, "DOMAIN_NOT_FOUND");
    }

    [Fact]
    public async Task Traffic_is_told_by_hour()
    {
        var user = await api.SignUpAsync();
        var project = (await user.DeployAsync()).GetProperty("projectId").GetGuid();
        await using var database = api.CreateContext();
        var now = api.Time.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        database.SiteTraffic.AddRange(
            new SiteTraffic { ProjectId = project, Hour = hour, Requests = 5, Bytes = 100, Status2xx = 4, Status4xx = 1 },
            new SiteTraffic { ProjectId = project, Hour = hour.AddHours(-30), Requests = 7, Bytes = 70, Status2xx = 7 });
        database.SiteTrafficPaths.Add(new SiteTrafficPath { ProjectId = project, Day = DateOnly.FromDateTime(now.UtcDateTime), Path = "index.html", Requests = 4 });
        await database.SaveChangesAsync();

        (await user.GetAsync($"/api/projects/{project}/traffic")).GetProperty("total").GetProperty("requests").GetInt64().ShouldBe(5);
        var longer = await user.GetAsync($"/api/projects/{project}/traffic?hours=48");
        longer.GetProperty("total").GetProperty("requests").GetInt64().ShouldBe(12);
        longer.GetProperty("hours").GetArrayLength().ShouldBe(2);
        longer.GetProperty("topPaths")[0].GetProperty("path").GetString().ShouldBe("index.html");
        await (await user.Client.GetAsync($"/api/projects/{project}/traffic?hours=0")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }
}
