using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Common;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Organizations;

[Trait("Category", "Integration")]
public sealed class InvitationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Somebody_without_an_account_is_invited_signs_up_and_joins()
    {
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync("Invited Ltd");
        var email = NewAddress();
        (await owner.InviteAsync(id, email)).StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = await api.ReadInvitationAsync(email);

        using var anonymous = api.CreateClient();
        var preview = await (await anonymous.PostAsJsonAsync("/api/invitations/preview", new { token = token })).ReadJsonAsync();
        preview.GetProperty("organization").GetString().ShouldBe("Invited Ltd");
        preview.GetProperty("role").GetString().ShouldBe("developer");
        preview.GetProperty("email").GetString().ShouldBe(email);
        // The address is compared as addresses are.
        var guest = await api.SignUpAsync(email.ToUpperInvariant());
        var joined = await (await guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).ReadJsonAsync();

        joined.GetProperty("id").GetGuid().ShouldBe(id);
        (await api.FindRoleAsync(id, guest)).ShouldBe(OrganizationRole.Developer);
        await (await guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");
        await (await anonymous.PostAsJsonAsync("/api/invitations/preview", new { token = token })).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");
    }

    [Fact]
    public async Task Accepted_several_times_at_once_it_counts_once()
    {
        var (owner, guest) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        var token = await InviteAsync(owner, id, guest.Email);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound).ShouldBe(4);
        await using var database = api.CreateContext();
        (await database.AuditEvents.CountAsync(entry => entry.OwnerId == id && entry.Action == "invitation.accepted")).ShouldBe(1);
    }

    [Fact]
    public async Task It_is_for_the_invited_address_once_verified()
    {
        var (owner, thief) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        var email = NewAddress();
        var token = await InviteAsync(owner, id, email);

        await (await thief.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).ShouldBeErrorAsync(403, "INVITATION_FOR_OTHER_ADDRESS");
        // Whoever got the link signs up with the address without having it.
        var impostor = await api.SignUpAsync(email, verified: false);
        await (await impostor.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).ShouldBeErrorAsync(403, "EMAIL_NOT_VERIFIED");
        (await api.FindRoleAsync(id, impostor)).ShouldBeNull();
    }

    [Fact]
    public async Task It_ends_after_a_week_when_declined_when_taken_back_and_with_the_next_one()
    {
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        using var anonymous = api.CreateClient();

        var declined = await InviteAsync(owner, id, NewAddress());
        (await anonymous.PostAsJsonAsync("/api/invitations/decline", new { token = declined })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await anonymous.PostAsJsonAsync("/api/invitations/decline", new { token = declined })).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");

        var again = NewAddress();
        var first = await InviteAsync(owner, id, again);
        (await anonymous.PostAsJsonAsync("/api/invitations/preview", new { token = first })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.InviteAsync(id, again, "admin")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await anonymous.PostAsJsonAsync("/api/invitations/preview", new { token = first })).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");

        var listed = (await owner.GetJsonAsync($"/api/organizations/{id}/invitations")).GetProperty("invitations").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("email").GetString().ShouldBe(again);
        (await owner.Client.DeleteAsync($"/api/organizations/{id}/invitations/{listed.GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await owner.Client.DeleteAsync($"/api/organizations/{id}/invitations/{listed.GetProperty("id").GetGuid()}")).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");
        (await owner.GetJsonAsync($"/api/organizations/{id}/invitations")).GetProperty("invitations").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task It_runs_out()
    {
        // Time moves for the whole class: a class of its own would be another database.
        await using var quick = api.With(("Organizations:InvitationLifetime", "00:01:00"));
        var (owner, guest) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        using var client = quick.CreateClient();
        client.DefaultRequestHeaders.Authorization = owner.Client.DefaultRequestHeaders.Authorization;
        (await client.PostAsJsonAsync($"/api/organizations/{id}/invitations", new { email = guest.Email, role = "viewer" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = await api.ReadInvitationAsync(guest.Email);

        api.Time.Advance(TimeSpan.FromSeconds(61));

        await (await guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = token })).ShouldBeErrorAsync(404, "INVITATION_NOT_FOUND");
        (await owner.GetJsonAsync($"/api/organizations/{id}/invitations")).GetProperty("invitations").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Members_are_not_invited_and_the_unverified_do_not_invite()
    {
        var (owner, member, fresh) = (await api.SignUpAsync(), await api.SignUpAsync(), await api.SignUpAsync(verified: false));
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, member, OrganizationRole.Viewer);

        await (await owner.InviteAsync(id, member.Email.ToUpperInvariant())).ShouldBeErrorAsync(409, "ALREADY_MEMBER");
        await (await fresh.InviteAsync(await fresh.CreateOrganizationAsync(), NewAddress())).ShouldBeErrorAsync(403, "EMAIL_NOT_VERIFIED");
        await (await owner.InviteAsync(id, "not an address")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await owner.InviteAsync(id, NewAddress(), "king")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task A_day_has_so_many_invitations_also_at_once()
    {
        await using var strict = api.With(("Organizations:MaxInvitationsPerDay", "3"));
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = owner.Client.DefaultRequestHeaders.Authorization;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsJsonAsync($"/api/organizations/{id}/invitations", new { email = NewAddress(), role = "viewer" })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(3);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeErrorAsync(429, "TOO_MANY_INVITATIONS");
    }

    [Fact]
    public async Task The_token_is_stored_hashed_and_never_logged()
    {
        var owner = await api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        var token = await InviteAsync(owner, id, NewAddress());
        using var lines = new LogLines();
        await using var logged = api.WithLogs(lines);
        using var client = logged.CreateClient();
        (await client.PostAsJsonAsync("/api/invitations/preview", new { token = token })).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.TrueAsync(() => lines.All.Any(line => line.Contains("answered 200")));
        lines.All.ShouldNotContain(line => line.Contains(token));
        await using var database = api.CreateContext();
        var stored = await database.OrganizationInvitations.SingleAsync(row => row.OrganizationId == id);
        stored.TokenHash.ShouldNotContain(token);
    }

    private async Task<string> InviteAsync(ApiUser owner, Guid id, string email)
    {
        (await owner.InviteAsync(id, email)).StatusCode.ShouldBe(HttpStatusCode.Created);
        return await api.ReadInvitationAsync(email);
    }

    private static string NewAddress() => $"{Guid.NewGuid():N}@example.com";
}
