using System.Net;
using System.Net.Http.Json;

namespace Platform.Api.Tests.Organizations;

[Trait("Category", "Integration")]
public sealed class OrganizationsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Whoever_creates_one_owns_it()
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsJsonAsync("/api/organizations", new { name = "  Blue & Green Ltd. " });

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = await response.ReadJsonAsync();
        body.GetProperty("name").GetString().ShouldBe("Blue & Green Ltd.");
        body.GetProperty("slug").GetString().ShouldBe("blue-green-ltd");
        body.GetProperty("role").GetString().ShouldBe("owner");
        body.GetProperty("memberCount").GetInt32().ShouldBe(1);
        response.Headers.Location!.ToString().ShouldEndWith(body.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_slug_is_one_organisations_however_many_ask_at_once()
    {
        var user = await api.SignUpAsync();
        var slug = $"s{Guid.NewGuid():N}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => user.Client.PostAsJsonAsync("/api/organizations", new { name = "Race", slug })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeErrorAsync(409, "SLUG_TAKEN");
        var other = await user.CreateOrganizationAsync("Elsewhere");
        await (await user.Client.PatchAsJsonAsync($"/api/organizations/{other}", new { slug })).ShouldBeErrorAsync(409, "SLUG_TAKEN");
    }

    [Fact]
    public async Task A_name_can_be_taken_twice_and_the_slug_gives_way()
    {
        var user = await api.SignUpAsync();
        var (one, two) = (await user.CreateOrganizationAsync("Same Name"), await user.CreateOrganizationAsync("Same Name"));

        (await user.GetJsonAsync($"/api/organizations/{two}")).GetProperty("slug").GetString()!.ShouldStartWith("same-name-");
        (await user.GetJsonAsync($"/api/organizations/{one}")).GetProperty("slug").GetString().ShouldBe("same-name");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\nb"}""", "name")]
    [InlineData("""{"name":"ok","slug":"Upper"}""", "slug")]
    [InlineData("""{"name":"ok","slug":"two--dashes"}""", "slug")]
    [InlineData("""{"name":"ok","slug":"-x"}""", "slug")]
    [InlineData("""{"name":"ok","slug":"admin"}""", "slug")]
    [InlineData("""{"name":"ok","slug":"ümlaut"}""", "slug")]
    [InlineData("""{"name":"ok","slug":"a234567890123456789012345678901234567890"}""", "slug")]
    public async Task A_bad_request_names_its_field(string json, string field)
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsync("/api/organizations", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        var error = await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
    }

    [Theory]
    [InlineData("日本語")]
    [InlineData("---")]
    [InlineData("Admin")]
    public async Task A_name_that_makes_no_slug_gets_one(string name)
    {
        var user = await api.SignUpAsync();
        var id = await user.CreateOrganizationAsync(name);

        (await user.GetJsonAsync($"/api/organizations/{id}")).GetProperty("slug").GetString()!.ShouldMatch("^[a-z0-9]+(-[a-z0-9]+)*$");
    }

    [Fact]
    public async Task One_can_own_so_many_also_when_asking_at_once()
    {
        await using var strict = api.With(("Organizations:MaxOwned", "2"));
        var user = await api.SignUpAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => client.PostAsJsonAsync("/api/organizations", new { name = $"Many {number}" })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(2);
        await (await client.PostAsJsonAsync("/api/organizations", new { name = "More" })).ShouldBeErrorAsync(409, "TOO_MANY_ORGANIZATIONS");
    }

    [Fact]
    public async Task The_list_has_mine_by_name_in_pages()
    {
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        foreach (var name in new[] { "Cherry", "Apple", "Banana" }) await user.CreateOrganizationAsync(name);
        await other.CreateOrganizationAsync("Aardvark");

        var first = await user.GetJsonAsync("/api/organizations?limit=2");
        var second = await user.GetJsonAsync("/api/organizations?limit=2&page=2");

        first.GetProperty("organizations").EnumerateArray().Concat(second.GetProperty("organizations").EnumerateArray())
            .Select(row => row.GetProperty("name").GetString()).ShouldBe(["Apple", "Banana", "Cherry"]);
        first.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task One_that_owns_something_is_not_deleted()
    {
        var user = await api.SignUpAsync();
        var id = await user.CreateOrganizationAsync();
        var deployment = await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main", owner = id })).ReadJsonAsync();
        var project = deployment.GetProperty("projectId").GetGuid();

        var error = await (await user.Client.DeleteAsync($"/api/organizations/{id}")).ShouldBeErrorAsync(409, "ORGANIZATION_NOT_EMPTY");
        error.GetProperty("message").GetString()!.ShouldContain("projects");

        (await user.Client.PostAsJsonAsync($"/api/projects/{project}/transfer", new { owner = user.Id })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await user.Client.DeleteAsync($"/api/organizations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.Client.GetAsync($"/api/organizations/{id}")).ShouldBeErrorAsync(404, "ORGANIZATION_NOT_FOUND");
    }

    [Fact]
    public async Task Of_deleting_it_and_deploying_for_it_at_once_one_wins()
    {
        var user = await api.SignUpAsync();
        for (var round = 0; round < 5; round++)
        {
            var id = await user.CreateOrganizationAsync();
            var deploy = user.Client.PostAsJsonAsync("/api/deployments", new { repository = $"https://git.example.com/race/{round}", branch = "main", owner = id });
            var delete = user.Client.DeleteAsync($"/api/organizations/{id}");
            var (deployed, deleted) = (await deploy, await delete);

            var outcome = ((int)deployed.StatusCode, (int)deleted.StatusCode);
            new[] { (202, 409), (404, 204) }.ShouldContain(outcome);
        }
    }
}
