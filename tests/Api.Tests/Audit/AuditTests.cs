using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Tests.Admin;
using Platform.Api.Tests.Organizations;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Audit;

[Trait("Category", "Integration")]
public sealed class AuditTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private readonly ApiFactory _api = fixture.Api;
    private readonly ApiUser _admin = fixture.Admin;

    [Fact]
    public async Task Every_act_is_recorded_with_who_what_on_what_and_from_where()
    {
        var (owner, guest, noSayer) = (await _api.SignUpAsync(), await _api.SignUpAsync(), await _api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await owner.Client.PatchAsJsonAsync($"/api/organizations/{id}", new { name = "Renamed" });
        await owner.InviteAsync(id, guest.Email);
        await guest.Client.PostAsJsonAsync("/api/invitations/accept", new { token = await _api.ReadInvitationAsync(guest.Email) });
        await owner.InviteAsync(id, noSayer.Email);
        await noSayer.Client.PostAsJsonAsync("/api/invitations/decline", new { token = await _api.ReadInvitationAsync(noSayer.Email) });
        var revoked = await (await owner.InviteAsync(id, "never@example.com")).ReadJsonAsync();
        await owner.Client.DeleteAsync($"/api/organizations/{id}/invitations/{revoked.GetProperty("id").GetGuid()}");
        await owner.Client.PatchAsJsonAsync($"/api/organizations/{id}/members/{guest.Id}", new { role = "admin" });
        await owner.Client.PostAsJsonAsync($"/api/organizations/{id}/transfer", new { userId = guest.Id });
        await guest.Client.DeleteAsync($"/api/organizations/{id}/members/{owner.Id}");
        await _api.JoinAsync(id, noSayer, OrganizationRole.Viewer);
        await noSayer.Client.PostAsync($"/api/organizations/{id}/leave", null);
        var token = await (await guest.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "organizations:write" }, organizationId = id })).ReadJsonAsync();
        await guest.Client.DeleteAsync($"/api/user/tokens/{token.GetProperty("details").GetProperty("id").GetGuid()}");
        await guest.Client.DeleteAsync($"/api/organizations/{id}");
        await _admin.Client.PostAsync($"/api/admin/users/{owner.Id}/disable", null);
        await _admin.Client.PostAsync($"/api/admin/users/{owner.Id}/enable", null);
        await _admin.Client.PutAsJsonAsync($"/api/admin/users/{owner.Id}/role", new { role = "admin" });
        await _admin.Client.PutAsJsonAsync($"/api/admin/users/{owner.Id}/role", new { role = "user" });

        await using var database = _api.CreateContext();
        var ofOrganization = await database.AuditEvents.Where(entry => entry.OwnerId == id).OrderBy(entry => entry.CreatedAt).ToListAsync();
        ofOrganization.Select(entry => entry.Action).ShouldBe(
        [
            "organization.created", "organization.renamed", "invitation.created", "invitation.accepted", "invitation.created", "invitation.declined",
            "invitation.created", "invitation.revoked", "member.role_changed", "organization.transferred", "member.removed", "member.left",
            "api_token.created", "api_token.revoked", "organization.deleted",
        ]);
        ofOrganization.ShouldAllBe(entry => entry.ActorId != null && entry.SessionId != null && entry.TargetId != null);
        (await database.AuditEvents.Where(entry => entry.OwnerId == owner.Id && entry.ActorId == _admin.Id).OrderBy(entry => entry.CreatedAt).Select(entry => entry.Action).ToListAsync())
            .ShouldBe(["account.disabled", "account.enabled", "account.role_changed", "account.role_changed"]);
        // Nothing that names a person beside their id.
        ofOrganization.ShouldAllBe(entry => !entry.Details.Contains("example.com"));
    }

    [Fact]
    public async Task What_a_token_did_says_which()
    {
        var owner = await _api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        var made = await (await owner.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "organizations:write" } })).ReadJsonAsync();
        using var program = _api.CreateClient();
        program.DefaultRequestHeaders.Authorization = new("Bearer", made.GetProperty("token").GetString());
        (await program.PatchAsJsonAsync($"/api/organizations/{id}", new { name = "By program" })).EnsureSuccessStatusCode();

        var entry = (await owner.GetJsonAsync($"/api/organizations/{id}/audit?action=organization.renamed")).GetProperty("events").EnumerateArray().ShouldHaveSingleItem();
        entry.GetProperty("details").GetProperty("apiToken").GetGuid().ShouldBe(made.GetProperty("details").GetProperty("id").GetGuid());
        await using var database = _api.CreateContext();
        (await database.AuditEvents.SingleAsync(row => row.OwnerId == id && row.Action == "organization.renamed")).SessionId.ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_act_leaves_no_record()
    {
        var owner = await _api.SignUpAsync();
        var id = await owner.CreateOrganizationAsync();
        await (await owner.Client.PostAsync($"/api/organizations/{id}/leave", null)).ShouldBeErrorAsync(409, "LAST_OWNER");

        (await owner.GetJsonAsync($"/api/organizations/{id}/audit")).GetProperty("events").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("UPDATE audit_events SET action = 'nothing'")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("TRUNCATE audit_events")]
    [InlineData("SET platform.anonymise_audit = 'on'; DELETE FROM audit_events")]
    [InlineData("SET platform.anonymise_audit = 'on'; TRUNCATE audit_events")]
    [InlineData("SET platform.anonymise_audit = 'on'; UPDATE audit_events SET action = 'nothing'")]
    [InlineData("SET platform.anonymise_audit = 'on'; UPDATE audit_events SET actor_id = NULL")]
    public async Task The_log_only_grows(string sql)
    {
        await (await _api.SignUpAsync()).CreateOrganizationAsync();
        await using var connection = new NpgsqlConnection(_api.Database);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The statements of this test.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_deleted_account_is_made_unrecognisable_and_nobody_else_is()
    {
        var (gone, stays) = (await _api.SignUpAsync(), await _api.SignUpAsync());
        await gone.CreateOrganizationAsync("Secret Name");
        await stays.CreateOrganizationAsync("Kept Name");
        await _admin.Client.PutAsJsonAsync($"/api/admin/users/{gone.Id}/role", new { role = "user" });
        await _admin.Client.PostAsync($"/api/admin/users/{gone.Id}/disable", null);
        await using var database = _api.CreateContext();

        (await AuditAnonymizer.AnonymizeAsync(database, gone.Id, CancellationToken.None)).ShouldBeGreaterThanOrEqualTo(2);

        var target = gone.Id.ToString();
        var touched = await database.AuditEvents.AsNoTracking().Where(entry => entry.ActorId == gone.Id || entry.TargetId == target).ToListAsync();
        touched.ShouldNotBeEmpty();
        touched.ShouldAllBe(entry => entry.IpAddress == null && entry.UserAgent == null && entry.SessionId == null && entry.Details == "{}");
        (await database.AuditEvents.AsNoTracking().Where(entry => entry.ActorId == stays.Id && entry.Action == "organization.created").SingleAsync()).Details.ShouldContain("Kept Name");
        // The door is closed again, also on this connection.
        await Should.ThrowAsync<PostgresException>(() => database.Database.ExecuteSqlRawAsync("UPDATE audit_events SET ip_address = NULL"));
    }

    [Fact]
    public async Task Everybody_sees_their_own_and_not_where_others_acted_from()
    {
        var (user, other) = (await _api.SignUpAsync(), await _api.SignUpAsync());
        await user.CreateOrganizationAsync();
        await other.CreateOrganizationAsync();
        _admin.Client.DefaultRequestHeaders.UserAgent.ParseAdd("admins-browser/1.0");
        await _admin.Client.PutAsJsonAsync($"/api/admin/users/{user.Id}/role", new { role = "admin" });
        await _admin.Client.PutAsJsonAsync($"/api/admin/users/{user.Id}/role", new { role = "user" });

        var text = await user.Client.GetStringAsync("/api/user/audit");
        var events = JsonElement.Parse(text).GetProperty("events").EnumerateArray().ToList();

        events.Select(entry => entry.GetProperty("action").GetString()).Where(action => action!.StartsWith("account.role", StringComparison.Ordinal)).Count().ShouldBe(2);
        events.Select(entry => entry.GetProperty("action").GetString()).ShouldContain("organization.created");
        text.ShouldNotContain("admins-browser");
        text.ShouldNotContain(_admin.Email);
        text.ShouldNotContain(other.Id.ToString());
        (await _admin.Client.GetStringAsync($"/api/admin/audit?target={user.Id}")).ShouldContain("admins-browser");
    }

    [Fact]
    public async Task The_whole_log_is_filtered()
    {
        var user = await _api.SignUpAsync();
        var id = await user.CreateOrganizationAsync();
        await user.Client.PatchAsJsonAsync($"/api/organizations/{id}", new { name = "Again" });
        var now = Uri.EscapeDataString(_api.Time.GetUtcNow().AddHours(1).ToString("O"));

        (await CountAsync($"actor={user.Id}&action=organization.created")).ShouldBe(1);
        (await CountAsync($"actor={user.Id}&action=organization.")).ShouldBe(2);
        (await CountAsync($"actor={user.Id}&action=organization")).ShouldBe(0);
        (await CountAsync($"target={id}")).ShouldBe(2);
        (await CountAsync($"target={id}&to={now}")).ShouldBe(2);
        (await CountAsync($"target={id}&from={now}")).ShouldBe(0);
        // Another offset than UTC is a time as well.
        (await CountAsync($"target={id}&from=2020-01-01T00:00:00%2B02:00")).ShouldBe(2);
        await (await _admin.Client.GetAsync("/api/admin/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await _admin.Client.GetAsync("/api/admin/audit?cursor=zzz")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap_also_where_times_are_equal()
    {
        var owner = Guid.NewGuid();
        var ids = Enumerable.Range(0, 25).Select(_ => Guid.NewGuid()).ToList();
        await using (var database = _api.CreateContext())
        {
            var at = _api.Time.GetUtcNow();
            database.AuditEvents.AddRange(ids.Select((id, index) => new AuditEvent { Id = id, CreatedAt = at.AddSeconds(index / 10), Action = "test.paged", ActorId = owner }));
            await database.SaveChangesAsync();
        }

        var seen = new List<Guid>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = await (await _admin.Client.GetAsync($"/api/admin/audit?actor={owner}&limit=4{(cursor is null ? "" : $"&cursor={cursor}")}")).ReadJsonAsync();
            seen.AddRange(page.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("id").GetGuid()));
            next = page.GetProperty("nextCursor").GetString();
        }

        seen.Count.ShouldBe(25);
        seen.ShouldBe(ids, ignoreOrder: true);
    }

    private async Task<int> CountAsync(string query) =>
        (await (await _admin.Client.GetAsync($"/api/admin/audit?{query}")).ReadJsonAsync()).GetProperty("events").GetArrayLength();
}
