using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Organizations;

[Trait("Category", "Integration")]
public sealed class ProjectTransferTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_project_goes_with_its_deployments_and_both_sides_are_told()
    {
        var (owner, member) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, member, OrganizationRole.Developer);
        var deployment = await DeployAsync(owner, owner.Id, "https://git.example.com/a/moves");
        await (await member.Client.GetAsync($"/api/deployments/{deployment.GetProperty("id").GetGuid()}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");

        var moved = await (await TransferAsync(owner, deployment, id)).ReadJsonAsync();

        moved.GetProperty("owner").GetGuid().ShouldBe(id);
        (await member.GetJsonAsync($"/api/deployments/{deployment.GetProperty("id").GetGuid()}")).GetProperty("owner").GetGuid().ShouldBe(id);
        await using var database = api.CreateContext();
        (await database.AuditEvents.Where(entry => entry.Action == "project.transferred" && entry.TargetId == deployment.GetProperty("projectId").GetString())
            .Select(entry => entry.OwnerId).ToListAsync()).ShouldBe([owner.Id, id], ignoreOrder: true);
    }

    [Fact]
    public async Task One_gives_only_where_one_may_deploy()
    {
        var (giver, taker) = (await api.SignUpAsync(), await api.SignUpAsync());
        var foreign = await taker.CreateOrganizationAsync();
        var viewed = await taker.CreateOrganizationAsync();
        await api.JoinAsync(viewed, giver, OrganizationRole.Viewer);
        var deployment = await DeployAsync(giver, giver.Id, "https://git.example.com/a/stays");

        await (await TransferAsync(giver, deployment, foreign)).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        await (await TransferAsync(giver, deployment, taker.Id)).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        await (await TransferAsync(giver, deployment, Guid.NewGuid())).ShouldBeErrorAsync(404, "OWNER_NOT_FOUND");
        await (await TransferAsync(giver, deployment, viewed)).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await TransferAsync(taker, deployment, taker.Id)).ShouldBeErrorAsync(404, "PROJECT_NOT_FOUND");
        await (await giver.Client.PostAsJsonAsync($"/api/projects/{deployment.GetProperty("projectId").GetGuid()}/transfer", new { })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Two_projects_of_one_source_do_not_meet()
    {
        var user = await api.SignUpAsync();
        var id = await user.CreateOrganizationAsync();
        var mine = await DeployAsync(user, user.Id, "https://git.example.com/a/twice");
        await DeployAsync(user, id, "https://git.example.com/a/twice");

        await (await TransferAsync(user, mine, id)).ShouldBeErrorAsync(409, "PROJECT_EXISTS");
    }

    [Fact]
    public async Task A_deployment_that_is_made_meanwhile_belongs_where_its_project_does()
    {
        var user = await api.SignUpAsync();
        var id = await user.CreateOrganizationAsync();
        for (var round = 0; round < 5; round++)
        {
            var repository = $"https://git.example.com/race/moves-{round}";
            var first = await DeployAsync(user, user.Id, repository);
            await Task.WhenAll(TransferAsync(user, first, id), DeployAsync(user, user.Id, repository), DeployAsync(user, user.Id, repository));
        }

        await using var database = api.CreateContext();
        (await database.Deployments.Where(row => row.UserId == user.Id).CountAsync(row => row.OwnerId != row.Project!.OwnerId)).ShouldBe(0);
        (await database.Deployments.CountAsync(row => row.UserId == user.Id)).ShouldBe(15);
    }

    private static Task<HttpResponseMessage> TransferAsync(ApiUser user, JsonElement deployment, Guid owner) =>
        user.Client.PostAsJsonAsync($"/api/projects/{deployment.GetProperty("projectId").GetGuid()}/transfer", new { owner });

    private static async Task<JsonElement> DeployAsync(ApiUser user, Guid owner, string repository)
    {
        var response = await user.Client.PostAsJsonAsync("/api/deployments", new { repository, branch = "main", owner });
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return await response.ReadJsonAsync();
    }
}
