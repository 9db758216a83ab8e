using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Organizations;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.ApiTokens;

[Trait("Category", "Integration")]
public sealed class ApiTokensTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_token_is_shown_once_stored_hashed_and_works()
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "ci", scopes = new[] { "deployments:read" } });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var made = await response.ReadJsonAsync();
        var token = made.GetProperty("token").GetString()!;

        using var program = Program(token);
        (await program.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var list = await (await user.Client.GetAsync("/api/user/tokens")).Content.ReadAsStringAsync();
        list.ShouldNotContain(token);
        var listed = JsonElement.Parse(list).GetProperty("tokens").EnumerateArray().ShouldHaveSingleItem();
        token.ShouldStartWith(listed.GetProperty("hint").GetString()!);
        listed.GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.String);
        (listed.GetProperty("expiresAt").GetDateTimeOffset() - listed.GetProperty("createdAt").GetDateTimeOffset()).TotalDays.ShouldBe(90);
        await using var database = api.CreateContext();
        (await database.ApiTokens.SingleAsync(row => row.UserId == user.Id)).TokenHash.ShouldNotContain(token[4..]);
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var user = await api.SignUpAsync();
        using var program = Program(await MakeAsync(user, "deployments:read"));
        var error = await (await program.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main" }))
            .ShouldBeErrorAsync(403, "INSUFFICIENT_SCOPE");
        error.GetProperty("details").GetProperty("requiredScope").GetString().ShouldBe("deployments:write");
        error.GetProperty("message").GetString()!.ShouldContain("deployments:write");
        var closed = await (await program.GetAsync("/api/auth/session")).ShouldBeErrorAsync(403, "INSUFFICIENT_SCOPE");
        closed.GetProperty("details").GetProperty("requiredScope").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_stronger_scope_includes_the_weaker()
    {
        var user = await api.SignUpAsync();
        using var program = Program(await MakeAsync(user, "deployments:write"));
        (await program.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_token_is_refused_from_then_on_while_it_is_used()
    {
        var user = await api.SignUpAsync();
        var made = await MakeWholeAsync(user, new { name = "used", scopes = new[] { "deployments:read" } });
        using var program = Program(made.GetProperty("token").GetString()!);
        var (stopped, before) = (false, 0);
        var users = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stopped))
            {
                if ((await program.GetAsync("/api/deployments/recent")).IsSuccessStatusCode) Interlocked.Increment(ref before);
            }
        })).ToList();
        await Platform.Testing.Eventually.TrueAsync(() => Volatile.Read(ref before) > 5);

        (await user.Client.DeleteAsync($"/api/user/tokens/{made.GetProperty("details").GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        for (var i = 0; i < 10; i++) await (await program.GetAsync("/api/deployments/recent")).ShouldBeErrorAsync(401, "UNAUTHORIZED");

        Volatile.Write(ref stopped, true);
        await Task.WhenAll(users);
        await (await user.Client.DeleteAsync($"/api/user/tokens/{made.GetProperty("details").GetProperty("id").GetGuid()}")).ShouldBeErrorAsync(404, "API_TOKEN_NOT_FOUND");
    }

    [Fact]
    public async Task The_last_use_is_written_once_a_minute()
    {
        var user = await api.SignUpAsync();
        using var program = Program(await MakeAsync(user, "deployments:read"));
        var first = await UseAsync();
        (await UseAsync()).ShouldBe(first);
        api.Time.Advance(TimeSpan.FromSeconds(61));
        (await UseAsync())!.Value.ShouldBeGreaterThan(first!.Value);

        async Task<DateTimeOffset?> UseAsync()
        {
            (await program.GetAsync("/api/samples")).EnsureSuccessStatusCode();
            await using var database = api.CreateContext();
            return (await database.ApiTokens.SingleAsync(row => row.UserId == user.Id)).LastUsedAt;
        }
    }

    [Fact]
    public async Task A_token_runs_out()
    {
        var user = await api.SignUpAsync();
        using var program = Program((await MakeWholeAsync(user, new { name = "short", scopes = new[] { "deployments:read" }, expiresInDays = 1 })).GetProperty("token").GetString()!);
        using var lasting = Program((await MakeWholeAsync(user, new { name = "long", scopes = new[] { "deployments:read" }, neverExpires = true })).GetProperty("token").GetString()!);
        api.Time.Advance(TimeSpan.FromDays(1.1));

        await (await program.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        (await lasting.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_installation_can_cap_how_long_tokens_live()
    {
        await using var strict = api.With(("ApiTokens:MaxDays", "30"));
        var user = await api.SignUpAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;

        foreach (var request in new object[] { new { name = "x", scopes = new[] { "execute" }, neverExpires = true }, new { name = "x", scopes = new[] { "execute" }, expiresInDays = 31 } })
            await (await client.PostAsJsonAsync("/api/user/tokens", request)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        var made = (await (await client.PostAsJsonAsync("/api/user/tokens", new { name = "x", scopes = new[] { "execute" } })).ReadJsonAsync()).GetProperty("details");
        (made.GetProperty("expiresAt").GetDateTimeOffset() - made.GetProperty("createdAt").GetDateTimeOffset()).TotalDays.ShouldBe(30);
        (await (await client.GetAsync("/api/user/tokens/scopes")).ReadJsonAsync()).GetProperty("maxDays").GetInt32().ShouldBe(30);
    }

    [Theory]
    [InlineData("""{"scopes":["execute"]}""", "name")]
    [InlineData("""{"name":"x"}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["everything"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[null]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["execute"],"expiresInDays":0}""", "expiresInDays")]
    [InlineData("""{"name":"x","scopes":["execute"],"expiresInDays":5,"neverExpires":true}""", "expiresInDays")]
    [InlineData("""{"name":"x","scopes":["account:read"],"organizationId":"7f1c6f5e-0000-4000-8000-000000000000"}""", "scopes")]
    public async Task A_bad_request_names_its_field(string json, string field)
    {
        var user = await api.SignUpAsync();
        var response = await user.Client.PostAsync("/api/user/tokens", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        var error = await response.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task One_account_has_so_many_also_when_asking_at_once()
    {
        await using var strict = api.With(("ApiTokens:MaxPerUser", "2"));
        var user = await api.SignUpAsync();
        using var client = strict.CreateClient();
        client.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsJsonAsync("/api/user/tokens", new { name = "x", scopes = new[] { "execute" } })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(2);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeErrorAsync(409, "TOO_MANY_API_TOKENS");
    }

    [Fact]
    public async Task A_token_of_one_organisation_sees_nothing_else()
    {
        var user = await api.SignUpAsync();
        var (inside, outside) = (await user.CreateOrganizationAsync("Inside"), await user.CreateOrganizationAsync("Outside"));
        var deployments = new Dictionary<Guid, Guid>();
        foreach (var owner in new[] { inside, outside, user.Id })
        {
            var body = await (await user.Client.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main", owner })).ReadJsonAsync();
            deployments[owner] = body.GetProperty("id").GetGuid();
        }

        var made = await MakeWholeAsync(user, new { name = "one", scopes = new[] { "deployments:write", "organizations:read" }, organizationId = inside });
        using var program = Program(made.GetProperty("token").GetString()!);

        (await program.GetAsync($"/api/deployments/{deployments[inside]}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await program.GetAsync($"/api/deployments/{deployments[outside]}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        await (await program.GetAsync($"/api/deployments/{deployments[user.Id]}")).ShouldBeErrorAsync(404, "DEPLOYMENT_NOT_FOUND");
        (await (await program.GetAsync("/api/deployments")).ReadJsonAsync()).GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(1);
        (await (await program.GetAsync("/api/organizations")).ReadJsonAsync()).GetProperty("organizations").EnumerateArray()
            .ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("Inside");
        // Naming no owner, it works for its organisation.
        var created = await (await program.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/c", branch = "main" })).ReadJsonAsync();
        created.GetProperty("owner").GetGuid().ShouldBe(inside);
    }

    [Fact]
    public async Task A_token_for_a_foreign_organisation_is_not_made()
    {
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var foreign = await other.CreateOrganizationAsync();
        await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "x", scopes = new[] { "deployments:read" }, organizationId = foreign }))
            .ShouldBeErrorAsync(404, "ORGANIZATION_NOT_FOUND");
    }

    [Fact]
    public async Task A_token_is_no_way_around_a_role()
    {
        var (owner, viewer) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, viewer, OrganizationRole.Viewer);
        using var program = Program(await MakeAsync(viewer, "deployments:write", "organizations:write"));

        await (await program.PostAsJsonAsync("/api/deployments", new { repository = "https://git.example.com/a/b", branch = "main", owner = id })).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await program.PatchAsJsonAsync($"/api/organizations/{id}", new { name = "Mine" })).ShouldBeErrorAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task Who_owns_an_organisation_is_not_for_tokens()
    {
        var (owner, member) = (await api.SignUpAsync(), await api.SignUpAsync());
        var id = await owner.CreateOrganizationAsync();
        await api.JoinAsync(id, member, OrganizationRole.Viewer);
        using var program = Program(await MakeAsync(owner, "organizations:write"));

        await (await program.PatchAsJsonAsync($"/api/organizations/{id}/members/{member.Id}", new { role = "owner" })).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await program.PostAsJsonAsync($"/api/organizations/{id}/invitations", new { email = "x@example.com", role = "owner" })).ShouldBeErrorAsync(403, "FORBIDDEN");
        (await program.PatchAsJsonAsync($"/api/organizations/{id}/members/{member.Id}", new { role = "admin" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_token_counts_as_its_person_and_a_typo_as_nobody()
    {
        var user = await api.SignUpAsync();
        var token = await MakeAsync(user, "deployments:read");
        using var program = Program(token[..^1] + (token[^1] == 'a' ? 'b' : 'a'));
        await (await program.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        using var cookie = api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        // A token is a bearer's: neither an address nor a cookie carries one.
        await (await cookie.GetAsync($"/api/deployments?token={token}")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        cookie.DefaultRequestHeaders.Add("Cookie", $"{Api.Common.Http.CookieNames.AccessToken}={token}");
        await (await cookie.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
    }

    private HttpClient Program(string token)
    {
        var client = api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task<string> MakeAsync(ApiUser user, params string[] scopes) =>
        (await MakeWholeAsync(user, new { name = "test", scopes })).GetProperty("token").GetString()!;

    private static async Task<JsonElement> MakeWholeAsync(ApiUser user, object request) =>
        await (await user.Client.PostAsJsonAsync("/api/user/tokens", request)).ReadJsonAsync();
}
