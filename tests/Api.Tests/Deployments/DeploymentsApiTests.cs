using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class DeploymentsApiTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Repository = "https://git.example.com/team/shop.git";

    [Fact]
    public async Task Deployment_is_accepted_with_its_project_its_stages_and_its_job()
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsJsonAsync("/api/deployments", new
        {
            repository = Repository,
            branch = "main",
            rootDir = "./apps//web/",
            buildCommand = "",
            envVars = "API_KEY=very-secret\n# comment\nNAME=\"a b\"",
        });

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var body = await response.ReadJsonAsync();
        body.GetProperty("status").GetString().ShouldBe("queued");
        body.GetProperty("repo").GetString().ShouldBe("team/shop");
        body.GetProperty("project").GetString().ShouldBe("web");
        body.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        body.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString())
            .ShouldBe(["Queued", "Building", "Deploying", "Success"]);
        response.Headers.Location!.ToString().ShouldEndWith(body.GetProperty("id").GetString()!);

        await using var db = api.CreateContext();
        var stored = await db.Deployments.Include(row => row.Project).SingleAsync(row => row.Id == body.GetProperty("id").GetGuid());
        stored.ShouldSatisfyAllConditions(
            row => row.OwnerId.ShouldBe(user.Id),
            row => row.RootDir.ShouldBe("apps/web"),
            row => row.BuildCommand.ShouldBeNull(),
            row => row.EnvVars.ShouldNotBeNull().ShouldNotContain("very-secret"),
            row => row.Project!.Repository.ShouldBe("https://git.example.com/team/shop"),
            row => row.JobId.ShouldNotBeNull());
    }

    [Fact]
    public async Task Same_source_is_one_project_and_two_owners_have_two_with_different_slugs()
    {
        var (first, second) = (await api.SignUpAsync(), await api.SignUpAsync());
        var one = await CreateAsync(first);
        var two = await CreateAsync(first, "HTTPS://GIT.example.com/team/shop/");
        var other = await CreateAsync(second);

        two.GetProperty("projectId").GetGuid().ShouldBe(one.GetProperty("projectId").GetGuid());
        other.GetProperty("projectId").GetGuid().ShouldNotBe(one.GetProperty("projectId").GetGuid());
        await using var db = api.CreateContext();
        var slugs = await db.Projects.Where(project => project.OwnerId == first.Id || project.OwnerId == second.Id).Select(project => project.Slug).ToListAsync();
        slugs.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Many_at_once_make_one_project()
    {
        var user = await api.SignUpAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(user)));

        created.Select(body => body.GetProperty("projectId").GetGuid()).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("""{"repository":"https://git.example.com/a/b"}""", "branch")]
    [InlineData("""{"branch":"main"}""", "repository")]
    [InlineData("""{"repository":"my-app","branch":"main"}""", "repository")]
    [InlineData("""{"repository":"https://user:token@git.example.com/a/b","branch":"main"}""", "repository")]
    [InlineData("""{"repository":"http://git.example.com/a/b","branch":"main"}""", "repository")]
    [InlineData("""{"repository":"sample:missing","branch":"main"}""", "repository")]
    [InlineData("""{"repository":"sample:../etc","branch":"main"}""", "repository")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"-u"}""", "branch")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"a..b"}""", "branch")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","rootDir":"../x"}""", "rootDir")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","outputDir":"/etc"}""", "outputDir")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","buildCommand":"a\nb"}""", "buildCommand")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","envVars":"1=x"}""", "envVars")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","envVars":{"A":1}}""", "envVars")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","envVars":[]}""", "envVars")]
    public async Task Bad_request_names_its_field(string json, string field)
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsync("/api/deployments", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        var error = await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
        await using var db = api.CreateContext();
        (await db.Deployments.CountAsync(row => row.OwnerId == user.Id)).ShouldBe(0);
    }

    [Theory]
    [InlineData("https://127.0.0.1/a/b")]
    [InlineData("https://169.254.169.254/a/b")]
    [InlineData("https://[::1]/a/b")]
    [InlineData("https://localhost/a/b")]
    [InlineData("file:///srv/repository.git")]
    public async Task Private_sources_are_refused_where_they_are_not_allowed(string repository)
    {
        using var strict = api.With(("Sources:AllowFiles", "false"), ("Sources:AllowPrivateHosts", "false"));
        var user = await api.SignUpAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;

        await (await client.PostAsJsonAsync("/api/deployments", new { repository, branch = "main" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task List_is_paged_filtered_and_searched()
    {
        var user = await api.SignUpAsync();
        for (var number = 0; number < 12; number++) await CreateAsync(user, $"https://git.example.com/team/app-{number % 3}");

        var page = await GetAsync(user, "/api/deployments?page=2&limit=5");
        page.GetProperty("deployments").GetArrayLength().ShouldBe(5);
        page.GetProperty("pagination").GetProperty("currentPage").GetInt32().ShouldBe(2);
        page.GetProperty("pagination").GetProperty("totalPages").GetInt32().ShouldBe(3);
        page.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(12);

        (await GetAsync(user, "/api/deployments?search=APP-1")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(4);
        (await GetAsync(user, "/api/deployments?search=%25")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
        (await GetAsync(user, "/api/deployments?status=failed")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
        (await GetAsync(user, "/api/deployments?status=all")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(12);
        (await GetAsync(user, "/api/deployments/recent")).GetProperty("recentDeployments").GetArrayLength().ShouldBe(5);
        await (await user.Client.GetAsync("/api/deployments?status=sleeping")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Foreign_and_unknown_deployments_are_not_found()
    {
        var (owner, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = (await CreateAsync(owner)).GetProperty("id").GetGuid();

        foreach (var unknown in new[] { id, Guid.NewGuid() })
        {
            await (await other.Client.GetAsync($"/api/deployments/{unknown}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
            await (await other.Client.GetAsync($"/api/deployments/{unknown}/logs")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
            await (await other.Client.PostAsync($"/api/deployments/{unknown}/cancel", null)).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        }

        (await GetAsync(other, "/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Waiting_deployment_is_cancelled_once()
    {
        var user = await api.SignUpAsync();
        var id = (await CreateAsync(user)).GetProperty("id").GetGuid();

        var cancelled = await (await user.Client.PostAsync($"/api/deployments/{id}/cancel", null)).ReadJsonAsync();
        cancelled.GetProperty("status").GetString().ShouldBe("cancelled");
        cancelled.GetProperty("stages").EnumerateArray().Last().GetProperty("name").GetString().ShouldBe("Cancelled");
        await (await user.Client.PostAsync($"/api/deployments/{id}/cancel", null)).ShouldBeErrorAsync(409, "DEPLOYMENT_ALREADY_FINISHED");
    }

    [Fact]
    public async Task Logs_are_read_from_a_number_on_and_the_detail_has_the_end()
    {
        var user = await api.SignUpAsync();
        var id = (await CreateAsync(user)).GetProperty("id").GetGuid();
        await using (var db = api.CreateContext())
        {
            var start = (await db.Deployments.FindAsync(id))!.CreatedAt;
            db.DeploymentLogs.AddRange(Enumerable.Range(1, 250).Select(number => new DeploymentLog
            {
                Id = Guid.NewGuid(),
                DeploymentId = id,
                Seq = number,
                Timestamp = start.AddSeconds(number),
                LogLevel = "info",
                Message = $"line {number}",
                CreatedAt = start,
            }));
            await db.SaveChangesAsync();
        }

        var page = await GetAsync(user, $"/api/deployments/{id}/logs?after=240&limit=5");
        page.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("seq").GetInt64()).ShouldBe([241, 242, 243, 244, 245]);
        page.GetProperty("total").GetInt64().ShouldBe(250);

        var detail = await GetAsync(user, $"/api/deployments/{id}");
        var logs = detail.GetProperty("logs").EnumerateArray().Select(line => line.GetString()!).ToList();
        logs.Count.ShouldBe(200);
        logs[0].ShouldBe("[00:51] line 51");
        logs[^1].ShouldBe("[04:10] line 250");
        detail.GetProperty("logsTotal").GetInt64().ShouldBe(250);
    }

    [Fact]
    public async Task Samples_are_listed()
    {
        var user = await api.SignUpAsync();
        var samples = (await GetAsync(user, "/api/samples")).GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("name").GetString()).ToList();

        samples.ShouldContain("plain-html");
        samples.ShouldContain("vite-react");
    }

    private static async Task<JsonElement> GetAsync(ApiUser user, string path) => await (await user.Client.GetAsync(path)).ReadJsonAsync();

    private static async Task<JsonElement> CreateAsync(ApiUser user, string repository = Repository) =>
        await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository, branch = "main" })).ReadJsonAsync();
}
