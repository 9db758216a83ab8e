using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Api.Tests.Organizations;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class DeploymentOwnersTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task The_list_has_everything_the_caller_may_see_or_one_owners()
    {
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var (own, joined, foreign) = (await user.CreateOrganizationAsync(), await other.CreateOrganizationAsync(), await other.CreateOrganizationAsync());
        await api.JoinAsync(joined, user, OrganizationRole.Viewer);
        await CreateAsync(user, user.Id);
        await CreateAsync(user, own);
        await CreateAsync(other, joined);
        await CreateAsync(other, foreign);

        (await OwnersAsync(user, "/api/deployments")).ShouldBe([joined, own, user.Id]);
        (await OwnersAsync(user, "/api/deployments/recent", "recentDeployments")).ShouldBe([joined, own, user.Id]);
        (await OwnersAsync(user, $"/api/deployments?owner={joined}")).ShouldBe([joined]);
        (await OwnersAsync(user, $"/api/deployments?owner={user.Id}")).ShouldBe([user.Id]);
        await (await user.Client.GetAsync($"/api/deployments?owner={foreign}")).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        await (await user.Client.GetAsync($"/api/deployments?owner={other.Id}")).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
    }

    [Fact]
    public async Task One_source_is_a_project_for_each_owner()
    {
        var user = await api.SignUpAsync();
        var organization = await user.CreateOrganizationAsync();

        var (mine, ours) = (await CreateAsync(user, user.Id), await CreateAsync(user, organization));

        ours.GetProperty("owner").GetGuid().ShouldBe(organization);
        ours.GetProperty("projectId").GetGuid().ShouldNotBe(mine.GetProperty("projectId").GetGuid());
    }

    [Fact]
    public async Task A_viewer_looks_and_a_developer_works()
    {
        var (owner, member) = (await api.SignUpAsync(), await api.SignUpAsync());
        var organization = await owner.CreateOrganizationAsync();
        await api.JoinAsync(organization, member, OrganizationRole.Viewer);
        var id = (await CreateAsync(owner, organization)).GetProperty("id").GetGuid();

        (await member.Client.GetAsync($"/api/deployments/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await member.Client.PostAsync($"/api/deployments/{id}/cancel", null)).ShouldBeErrorAsync(403, "FORBIDDEN");
        await owner.Client.PatchAsJsonAsync($"/api/organizations/{organization}/members/{member.Id}", new { role = "developer" });
        (await member.Client.PostAsync($"/api/deployments/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_unverified_account_does_not_deploy()
    {
        var user = await api.SignUpAsync(verified: false);
        var response = await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main" });

        await response.ShouldBeErrorAsync(403, "EMAIL_NOT_VERIFIED");
        (await user.GetJsonAsync("/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
    }

    private static async Task<JsonElement> CreateAsync(ApiUser user, Guid owner) =>
        await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main", owner })).ReadJsonAsync();

    private static async Task<List<Guid>> OwnersAsync(ApiUser user, string path, string list = "deployments") =>
        [.. (await user.GetJsonAsync(path)).GetProperty(list).EnumerateArray().Select(row => row.GetProperty("owner").GetGuid())];
}
