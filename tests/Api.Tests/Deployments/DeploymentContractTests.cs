using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Platform.Api.Tests.Deployments;

/// <summary>The document's shapes word for word, what it does not allow, and two who act at once.</summary>
[Trait("Category", "Integration")]
public sealed class DeploymentContractTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Answers_have_the_fields_of_the_document()
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        await api.SucceedAsync(id, production: true);

        var list = await user.GetAsync("/api/deployments");
        var item = list.GetProperty("deployments").EnumerateArray().ShouldHaveSingleItem();
        ShouldHave(item, "id", "repo", "branch", "status", "author", "commit", "duration", "timestamp", "url");
        ShouldHave(list.GetProperty("pagination"), "currentPage", "totalPages", "totalItems");
        item.GetProperty("commit").GetString().ShouldBe("0123456");
        item.GetProperty("timestamp").GetString()!.ShouldEndWith("Z");
        var recent = await user.GetAsync("/api/deployments/recent");
        ShouldHave(recent.GetProperty("recentDeployments").EnumerateArray().ShouldHaveSingleItem(), "id", "repo", "branch", "status", "timestamp", "duration", "author");
        var detail = await user.GetAsync($"/api/deployments/{id}");
        ShouldHave(detail, "id", "repo", "branch", "status", "timestamp", "url", "stages", "logs");
        detail.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()).ShouldBe(["Queued", "Building", "Deploying", "Success"]);
        foreach (var stage in detail.GetProperty("stages").EnumerateArray()) ShouldHave(stage, "name", "status", "timestamp");
    }

    [Theory]
    [InlineData("page=0"), InlineData("page=-1"), InlineData("page=1.5"), InlineData("page=abc"), InlineData("page=99999999999")]
    [InlineData("limit=0"), InlineData("limit=101"), InlineData("limit=-5"), InlineData("status=Success"), InlineData("status=done"), InlineData("environment=staging")]
    [InlineData("project=dep_001"), InlineData("cursor=%00"), InlineData("cursor=bm9uZQ"), InlineData("search=a%00b"), InlineData("branch=a%00b")]
    public async Task What_a_list_cannot_mean_is_refused(string query)
    {
        var user = await api.SignUpAsync();
        foreach (var path in new[] { "/api/deployments", "/api/projects" })
        {
            // Projects have no such filter.
            if (path == "/api/projects" && !query.StartsWith("page", StringComparison.Ordinal) && !query.StartsWith("limit", StringComparison.Ordinal) && !query.StartsWith("search", StringComparison.Ordinal)) continue;
            var response = await user.Client.GetAsync($"{path}?{query}");
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
            JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString().ShouldBeOneOf("BAD_REQUEST", "VALIDATION_ERROR");
        }
    }

    [Theory]
    [InlineData("page=1"), InlineData("page=10000"), InlineData("limit=1"), InlineData("limit=100"), InlineData("status=all"), InlineData("status="), InlineData("search=")]
    [InlineData("search=%25"), InlineData("search=%F0%9F%9A%80"), InlineData("page=10000&limit=100")]
    public async Task Bounds_are_inside(string query)
    {
        var user = await api.SignUpAsync();
        await user.DeployAsync();
        var page = (await user.GetAsync($"/api/deployments?{query}")).GetProperty("pagination");
        page.GetProperty("totalPages").GetInt32().ShouldBe(1);
        await user.GetAsync($"/api/projects?{query}");
    }

    [Theory]
    [InlineData(""), InlineData("{"), InlineData("[]"), InlineData("null"), InlineData("\"x\""), InlineData("""{"repository":5,"branch":"main"}"""), InlineData("""{"repository":"https://git.example.com/a/b","branch":["main"]}""")]
    [InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","envVars":5}"""), InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","envVars":"no line"}""")]
    [InlineData("""{"repository":"https://127.0.0.1/a/b","branch":"main"}""", "https://git.example.com"), InlineData("""{"repository":"git@github.com:a/b.git","branch":"main"}""")]
    [InlineData("""{"repository":"https://u:p@git.example.com/a/b","branch":"main"}"""), InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","owner":"me"}""")]
    [InlineData("""{"repository":"sample:../../etc","branch":"main"}"""), InlineData("""{"repository":"https://git.example.com/a/b","branch":"main","rootDir":"/etc/../.."}""")]
    public async Task What_cannot_be_deployed_is_refused(string body, string? allowPrivate = null)
    {
        var user = await api.SignUpAsync();
        using var strict = api.With(("Sources:AllowPrivateHosts", "false"));
        using var client = allowPrivate is null ? api.CreateClient() : strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var response = await client.PostAsync("/api/deployments", new StringContent(body, Encoding.UTF8, "application/json"));

        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBeOneOf([HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity], text);
        (await user.GetAsync("/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("redeploy", """{"useCache":"yes"}"""), InlineData("redeploy", "[]"), InlineData("redeploy", "{")]
    public async Task What_an_action_cannot_mean_is_refused(string action, string body)
    {
        var user = await api.SignUpAsync();
        var id = (await user.DeployAsync()).Id();
        var response = await user.Client.PostAsync($"/api/deployments/{id}/{action}", new StringContent(body, Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_id_that_is_none_names_nothing()
    {
        var user = await api.SignUpAsync();
        foreach (var path in new[] { "/api/deployments/dep_001", "/api/deployments/dep_001/logs", "/api/projects/shop" })
            (await user.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await user.PostAsync("/api/deployments/dep_001/cancel")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await user.Client.DeleteAsync("/api/deployments/dep_001")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Promoting_during_a_rollback_comes_before_or_after_it()
    {
        var user = await api.SignUpAsync();
        for (var round = 0; round < 5; round++)
        {
            var repository = $"https://git.example.com/race/promote-{round}";
            var (first, second, third) = (await user.DeployAsync(repository), await user.DeployAsync(repository), await user.DeployAsync(repository));
            await api.SucceedAsync(first.Id(), production: true);
            await api.SucceedAsync(second.Id(), production: true);
            await api.SucceedAsync(third.Id(), production: false);
            var project = first.GetProperty("projectId").GetGuid();

            var both = await Task.WhenAll(user.PostAsync($"/api/deployments/{third.Id()}/promote"), user.PostAsync($"/api/projects/{project}/rollback", new { }));

            both.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
            await using var database = api.CreateContext();
            var stored = await database.Projects.SingleAsync(row => row.Id == project);
            // Rolled back last: to what the promotion replaced. Promoted last: follows new deployments again.
            (stored.ProductionDeploymentId, stored.ProductionPinned).ShouldBeOneOf((second.Id(), true), (third.Id(), false));
        }
    }

    [Fact]
    public async Task Of_cancelling_and_deleting_at_once_nothing_is_left()
    {
        var user = await api.SignUpAsync();
        for (var round = 0; round < 5; round++)
        {
            var id = (await user.DeployAsync($"https://git.example.com/race/cancel-{round}")).Id();
            var both = await Task.WhenAll(user.PostAsync($"/api/deployments/{id}/cancel"), user.Client.DeleteAsync($"/api/deployments/{id}"));

            both[1].StatusCode.ShouldBe(HttpStatusCode.NoContent);
            both[0].StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.NotFound);
            await (await user.Client.GetAsync($"/api/deployments/{id}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        }

        (await user.GetAsync("/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
    }

    private static void ShouldHave(JsonElement body, params string[] fields)
    {
        foreach (var field in fields) body.TryGetProperty(field, out _).ShouldBeTrue(field);
    }
}
