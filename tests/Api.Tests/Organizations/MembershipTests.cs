using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Organizations;

[Trait("Category", "Integration")]
public sealed class MembershipTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task The_last_owner_stays_an_owner()
    {
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();

        await (await owner.Client.PostAsync($"/api/organizations/{id}/leave", null)).ShouldBeErrorAsync(409, "LAST_OWNER");
        await (await owner.Client.DeleteAsync($"/api/organizations/{id}/members/{owner.Id}")).ShouldBeErrorAsync(409, "LAST_OWNER");
        await (await ChangeAsync(owner, id, owner, "admin")).ShouldBeErrorAsync(409, "LAST_OWNER");
        (await api.FindRoleAsync(id, owner)).ShouldBe(OrganizationRole.Owner);
    }

    [Fact]
    public async Task Of_two_owners_that_leave_at_once_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var (first, second, id) = await TwoOwnersAsync();
            var answers = await Task.WhenAll(
                first.Client.PostAsync($"/api/organizations/{id}/leave", null), second.Client.PostAsync($"/api/organizations/{id}/leave", null));

            answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([204, 409]);
            new[] { await api.FindRoleAsync(id, first), await api.FindRoleAsync(id, second) }.Count(role => role == OrganizationRole.Owner).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Of_two_owners_that_demote_each_other_one_is_left()
    {
        for (var round = 0; round < 5; round++)
        {
            var (first, second, id) = await TwoOwnersAsync();
            var answers = await Task.WhenAll(ChangeAsync(first, id, second, "viewer"), ChangeAsync(second, id, first, "viewer"));

            // Whoever comes second is no owner any more, and not even an admin.
            answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([204, 403]);
            new[] { await api.FindRoleAsync(id, first), await api.FindRoleAsync(id, second) }.Count(role => role == OrganizationRole.Owner).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Admins_manage_everybody_but_owners()
    {
        var (owner, admin, member) = (await api.SignUpAsync(), await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, admin, OrganizationRole.Admin);
        await api.JoinAsync(id, member, OrganizationRole.Viewer);

        (await ChangeAsync(admin, id, member, "admin")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await ChangeAsync(admin, id, member, "owner")).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await ChangeAsync(admin, id, owner, "viewer")).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await admin.Client.DeleteAsync($"/api/organizations/{id}/members/{owner.Id}")).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await admin.InviteAsync(id, "boss@example.com", "owner")).ShouldBeErrorAsync(403, "FORBIDDEN");
        (await api.FindRoleAsync(id, owner)).ShouldBe(OrganizationRole.Owner);
        (await admin.Client.DeleteAsync($"/api/organizations/{id}/members/{member.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Unknown_members_and_roles_are_refused()
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();

        await (await ChangeAsync(owner, id, stranger, "viewer")).ShouldBeErrorAsync(404, "MEMBER_NOT_FOUND");
        await (await owner.Client.DeleteAsync($"/api/organizations/{id}/members/{stranger.Id}")).ShouldBeErrorAsync(404, "MEMBER_NOT_FOUND");
        await (await ChangeAsync(owner, id, owner, "king")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await owner.Client.PostAsJsonAsync($"/api/organizations/{id}/transfer", new { userId = stranger.Id })).ShouldBeErrorAsync(404, "MEMBER_NOT_FOUND");
        await (await owner.Client.PostAsJsonAsync($"/api/organizations/{id}/transfer", new { userId = owner.Id })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task A_handed_over_organisation_has_its_new_owner()
    {
        var (owner, heir) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, heir, OrganizationRole.Viewer);

        (await owner.Client.PostAsJsonAsync($"/api/organizations/{id}/transfer", new { userId = heir.Id })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await api.FindRoleAsync(id, heir)).ShouldBe(OrganizationRole.Owner);
        (await api.FindRoleAsync(id, owner)).ShouldBe(OrganizationRole.Admin);
    }

    [Fact]
    public async Task Rights_end_with_the_membership_at_once_and_leave_no_way_back()
    {
        var (owner, member) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, member, OrganizationRole.Admin);
        var deployment = await DeployAsync(owner, id);
        (await member.InviteAsync(id, "second-address@example.com")).StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = (await (await member.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "deployments:write" }, organizationId = id })).ReadJsonAsync())
            .GetProperty("token").GetString();
        (await member.Client.GetAsync($"/api/deployments/{deployment}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await owner.Client.DeleteAsync($"/api/organizations/{id}/members/{member.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await member.Client.GetAsync($"/api/deployments/{deployment}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        (await member.GetJsonAsync("/api/deployments")).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(0);
        using var program = api.CreateClient();
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await (await program.GetAsync($"/api/deployments/{deployment}")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await using var database = api.CreateContext();
        (await database.OrganizationInvitations.SingleAsync(row => row.OrganizationId == id)).Status.ShouldBe(InvitationStatus.Revoked);
    }

    [Fact]
    public async Task An_open_log_ends_with_the_membership()
    {
        var (owner, member) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, member, OrganizationRole.Viewer);
        var deployment = await DeployAsync(owner, id);
        using var mine = await ConnectAsync(owner.AccessToken, deployment);
        using var theirs = await ConnectAsync(member.AccessToken, deployment);

        (await owner.Client.DeleteAsync($"/api/organizations/{id}/members/{member.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await ReadToEndAsync(theirs)).ShouldBe(WebSocketCloseStatus.PolicyViolation);
        mine.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task An_open_log_ends_with_the_session_and_with_the_token()
    {
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        var deployment = await DeployAsync(owner, id);
        var made = await (await owner.Client.PostAsJsonAsync("/api/user/tokens", new { name = "watch", scopes = new[] { "deployments:read" } })).ReadJsonAsync();
        using var byToken = await ConnectAsync(made.GetProperty("token").GetString()!, deployment);
        using var bySession = await ConnectAsync(owner.AccessToken, deployment);

        await owner.Client.DeleteAsync($"/api/user/tokens/{made.GetProperty("details").GetProperty("id").GetGuid()}");
        (await ReadToEndAsync(byToken)).ShouldBe(WebSocketCloseStatus.PolicyViolation);
        await owner.Client.PostAsync("/api/auth/logout", null);
        (await ReadToEndAsync(bySession)).ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    private async Task<(ApiUser First, ApiUser Second, Guid Id)> TwoOwnersAsync()
    {
        var (first, second) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await first.CreateOrganizationAsync();
        await api.JoinAsync(id, second, OrganizationRole.Owner);
        return (first, second, id);
    }

    private static Task<HttpResponseMessage> ChangeAsync(ApiUser actor, Guid organization, ApiUser member, string role) =>
        actor.Client.PatchAsJsonAsync($"/api/organizations/{organization}/members/{member.Id}", new { role });

    private static async Task<Guid> DeployAsync(ApiUser user, Guid owner) =>
        (await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main", owner })).ReadJsonAsync())
        .GetProperty("id").GetGuid();

    private Task<WebSocket> ConnectAsync(string token, Guid deployment) => api.Server.CreateWebSocketClient().ConnectAsync(
        new Uri(api.Server.BaseAddress, $"/api/deployments/{deployment}/logs/stream?token={token}"), CancellationToken.None);

    private static async Task<WebSocketCloseStatus?> ReadToEndAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
        {
            // Frames from before the end.
        }

        return socket.CloseStatus;
    }
}
