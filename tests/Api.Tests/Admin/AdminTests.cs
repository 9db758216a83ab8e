using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Platform.Api.Tests.Admin;

[Trait("Category", "Integration")]
public sealed class AdminTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private readonly ApiFactory _api = fixture.Api;
    private readonly ApiUser _admin = fixture.Admin;

    [Fact]
    public async Task A_closed_account_is_out_at_once_by_every_door()
    {
        var user = await _api.SignUpAsync();
        var token = (await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "x", scopes = new[] { "deployments:read" } })).ReadJsonAsync()).GetProperty("token").GetString();
        using var program = _api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await program.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await user.Client.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _admin.Client.PostAsync($"/api/admin/users/{user.Id}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await user.Client.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await (await program.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        program.DefaultRequestHeaders.Authorization = null;
        await (await program.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await program.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(403, "ACCOUNT_DISABLED");

        (await _admin.Client.PostAsync($"/api/admin/users/{user.Id}/enable", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await program.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // What was ended stays ended.
        await (await user.Client.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await (await program.GetAsync("/api/deployments")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task A_role_counts_from_the_moment_it_is_given_and_taken_whatever_the_token_says()
    {
        var user = await _api.SignUpAsync();
        await (await user.Client.GetAsync("/api/admin/users")).ShouldBeErrorAsync(403, "FORBIDDEN");

        await SetRoleAsync(_admin, user, "admin");
        (await user.Client.GetAsync("/api/admin/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // A token of a session that says admin.
        using var client = _api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var signedIn = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();
        signedIn.GetProperty("user").GetProperty("role").GetString().ShouldBe("admin");
        client.DefaultRequestHeaders.Authorization = new("Bearer", signedIn.GetProperty("accessToken").GetString());
        (await client.GetAsync("/api/admin/users")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await SetRoleAsync(_admin, user, "user");
        await (await client.GetAsync("/api/admin/users")).ShouldBeErrorAsync(403, "FORBIDDEN");
        await (await client.PutAsJsonAsync($"/api/admin/users/{user.Id}/role", new { role = "admin" })).ShouldBeErrorAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task Nobody_closes_or_demotes_themselves()
    {
        await (await _admin.Client.PostAsync($"/api/admin/users/{_admin.Id}/disable", null)).ShouldBeErrorAsync(409, "CANNOT_CHANGE_ONESELF");
        await (await _admin.Client.PutAsJsonAsync($"/api/admin/users/{_admin.Id}/role", new { role = "user" })).ShouldBeErrorAsync(409, "CANNOT_CHANGE_ONESELF");
        await (await _admin.Client.PostAsync($"/api/admin/users/{Guid.NewGuid()}/disable", null)).ShouldBeErrorAsync(404, "USER_NOT_FOUND");
        await (await _admin.Client.PutAsJsonAsync($"/api/admin/users/{_admin.Id}/role", new { role = "god" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Of_two_administrators_that_strike_at_once_one_stays()
    {
        for (var round = 0; round < 4; round++)
        {
            var (first, second) = (await _api.SignUpAsync(), await _api.SignUpAsync());
            await SetRoleAsync(_admin, first, "admin");
            await SetRoleAsync(_admin, second, "admin");

            var answers = await Task.WhenAll(
                first.Client.PostAsync($"/api/admin/users/{second.Id}/disable", null), second.Client.PutAsJsonAsync($"/api/admin/users/{first.Id}/role", new { role = "user" }));

            answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
            // The other came too late: as nobody, or as no administrator.
            answers.Count(answer => answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized).ShouldBe(1);
            await SetRoleAsync(_admin, first, "user");
            await SetRoleAsync(_admin, second, "user");
        }
    }

    [Fact]
    public async Task The_list_is_searched_filtered_and_read_to_its_end_by_page_and_by_cursor()
    {
        var mark = Guid.NewGuid().ToString("N")[..12];
        var users = new List<ApiUser>();
        for (var number = 0; number < 5; number++) users.Add(await _api.SignUpAsync($"{mark}-{number}@example.com"));
        await _admin.Client.PostAsync($"/api/admin/users/{users[0].Id}/disable", null);
        await SetRoleAsync(_admin, users[1], "admin");
        var newestFirst = Enumerable.Reverse(users).Select(user => user.Id).ToList();

        var byCursor = new List<Guid>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = await ListAsync($"search={mark}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            byCursor.AddRange(Ids(page));
            page.GetProperty("pagination").GetProperty("totalItems").GetInt32().ShouldBe(5);
            next = page.GetProperty("nextCursor").GetString();
        }

        byCursor.ShouldBe(newestFirst);
        Ids(await ListAsync($"search={mark.ToUpperInvariant()}&limit=2&page=3")).ShouldBe([users[0].Id]);
        Ids(await ListAsync($"search={mark}&status=disabled")).ShouldBe([users[0].Id]);
        Ids(await ListAsync($"search={mark}&status=active")).Count.ShouldBe(4);
        Ids(await ListAsync($"search={mark}&role=admin")).ShouldBe([users[1].Id]);
        Ids(await ListAsync("search=%25_%25")).ShouldBeEmpty();
        await SetRoleAsync(_admin, users[1], "user");
    }

    [Theory]
    [InlineData("status=asleep", "status")]
    [InlineData("role=god", "role")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("limit=101", "limit")]
    [InlineData("page=0", "page")]
    public async Task A_bad_filter_is_named(string query, string field)
    {
        var error = await (await _admin.Client.GetAsync($"/api/admin/users?{query}")).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").EnumerateObject().Select(property => property.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task One_account_is_shown_with_what_hangs_on_it()
    {
        var user = await _api.SignUpAsync();
        await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "x", scopes = new[] { "execute" } });
        await user.Client.PostAsJsonAsync("/api/organizations", new { name = "Counted" });

        var body = await (await _admin.Client.GetAsync($"/api/admin/users/{user.Id}")).ReadJsonAsync();

        body.GetProperty("user").GetProperty("email").GetString().ShouldBe(user.Email);
        new[] { "sessions", "apiTokens", "organizations", "projects" }.Select(name => body.GetProperty(name).GetInt32()).ShouldBe([1, 1, 1, 0]);
    }

    private async Task<JsonElement> ListAsync(string query) => await (await _admin.Client.GetAsync($"/api/admin/users?{query}")).ReadJsonAsync();

    private static List<Guid> Ids(JsonElement page) => [.. page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("id").GetGuid())];

    private static async Task SetRoleAsync(ApiUser actor, ApiUser user, string role) =>
        (await actor.Client.PutAsJsonAsync($"/api/admin/users/{user.Id}/role", new { role })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
}

/// <summary>An installation with its first account, the administrator.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    public ApiFactory Api { get; } = new();

    public ApiUser Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await ((IAsyncLifetime)Api).InitializeAsync();
        Admin = await Api.SignUpAsync();
    }

    public Task DisposeAsync() => ((IAsyncLifetime)Api).DisposeAsync();
}
