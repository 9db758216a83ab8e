using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common.Errors;
using Platform.Api.Tests.Common;
using Platform.Api.Tests.Mail;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Api.Tests.Auth;

/// <summary>The sessions page, and the mail about a new device.</summary>
[Trait("Category", "Integration")]
public sealed class SessionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0";

    [Fact]
    public async Task The_page_shows_the_devices_and_which_one_asks()
    {
        var user = await api.SignUpAsync();
        using var edge = await SignInAsync(api, user, Edge);
        var sessions = await ListAsync(edge);
        sessions.Count.ShouldBe(2);
        var current = sessions.Single(session => session.GetProperty("current").GetBoolean());
        current.GetProperty("device").GetString().ShouldBe("Edge on Windows");
        current.GetProperty("lastSeenAt").GetDateTimeOffset().ShouldBeGreaterThan(api.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        sessions.Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("device").GetString().ShouldBe("Unknown device");
    }

    [Fact]
    public async Task One_device_can_be_signed_out_and_then_all_others()
    {
        var user = await api.SignUpAsync();
        using var second = await SignInAsync(api, user, Edge);
        using var third = await SignInAsync(api, user, Firefox);
        var edge = (await ListAsync(user.Client)).Single(session => session.GetProperty("device").GetString() == "Edge on Windows");

        (await user.Client.DeleteAsync($"/api/auth/sessions/{edge.GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await second.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        (await third.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var ended = await (await user.Client.DeleteAsync("/api/auth/sessions")).ReadJsonAsync();
        ended.GetProperty("ended").GetInt32().ShouldBe(1);
        await (await third.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        (await user.Client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ListAsync(user.Client)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sessions_of_others_are_not_there()
    {
        var user = await api.SignUpAsync();
        var other = await api.SignUpAsync();
        var id = (await ListAsync(other.Client)).Single().GetProperty("id").GetGuid();
        await (await user.Client.DeleteAsync($"/api/auth/sessions/{id}")).ShouldBeErrorAsync(404, "SESSION_NOT_FOUND");
        (await other.Client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await user.Client.DeleteAsync("/api/auth/sessions/not-an-id")).ShouldBeErrorAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_device_that_was_never_seen_is_told_by_mail_once()
    {
        var user = await api.SignUpAsync();
        await using var elsewhere = api.WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new ClientAddress(IPAddress.Parse("203.0.113.9")))));
        for (var i = 0; i < 2; i++) (await SignInAsync(elsewhere, user, Firefox)).Dispose();

        var mail = await api.WaitForMailAsync(user.Email, "New sign-in to your account");
        mail.Text.ShouldContain("Firefox on Linux");
        mail.Text.ShouldContain("203.0.113.9");
        (await SignInAsync(elsewhere, user, Edge)).Dispose();
        await api.WaitForMailAsync(user.Email, "New sign-in to your account", count: 2);
        (await api.ReadMailsAsync(user.Email)).Count(each => each.Subject == "New sign-in to your account").ShouldBe(2);
    }

    [Fact]
    public async Task Signing_up_is_no_new_device()
    {
        var user = await api.SignUpAsync(verified: false);
        await api.WaitForMailAsync(user.Email, "Confirm your email address");
        (await api.ReadMailsAsync(user.Email)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Last_seen_is_written_once_a_minute()
    {
        var user = await api.SignUpAsync();
        var first = await LastSeenAsync(user);
        api.Time.Advance(TimeSpan.FromSeconds(30));
        await UseAsync(user);
        (await LastSeenAsync(user)).ShouldBe(first);
        api.Time.Advance(TimeSpan.FromSeconds(40));
        await UseAsync(user);
        (await LastSeenAsync(user)).ShouldBeGreaterThan(first + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Redis_holds_metadata_of_the_session_and_no_token()
    {
        var user = await api.SignUpAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(api.Redis);
        await using var database = api.CreateContext();
        var id = await database.Sessions.Where(session => session.UserId == user.Id).Select(session => session.Id).SingleAsync();
        // Handed on beside the answer, and only while it is fresh: who was too slow does so the next time.
        var text = await Eventually.ValueAsync(
            async () =>
            {
                await UseAsync(user);
                return (string?)await redis.GetDatabase().StringGetAsync($"session:{id:N}");
            },
            found => found is not null);
        var metadata = JsonElement.Parse(text.ShouldNotBeNull());
        metadata.GetProperty(nameof(LiveSession.UserId)).GetGuid().ShouldBe(user.Id);
        metadata.GetProperty(nameof(LiveSession.ExpiresAt)).GetDateTimeOffset().ShouldBeGreaterThan(api.Time.GetUtcNow());
        text.ShouldNotContain(user.RefreshToken);
        text.ShouldNotContain(user.AccessToken);
        (await redis.GetDatabase().KeyTimeToLiveAsync($"session:{id:N}")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_closed_account_can_neither_sign_in_nor_refresh()
    {
        var user = await api.SignUpAsync();
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, api.Time.GetUtcNow()));
        using var client = api.CreateClient();
        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(403, "ACCOUNT_DISABLED");
    }

    [Fact]
    public async Task Whoever_uses_a_stolen_refresh_token_first_loses_it_when_the_owner_comes()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var stolen = await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ReadJsonAsync();
        using var thief = api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        thief.DefaultRequestHeaders.Authorization = new("Bearer", stolen.GetProperty("accessToken").GetString());
        (await thief.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        api.Time.Advance(TimeSpan.FromSeconds(11));

        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");

        await (await thief.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = stolen.GetProperty("refreshToken").GetString() }))
            .ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await using var database = api.CreateContext();
        (await database.AuditEvents.CountAsync(entry => entry.OwnerId == user.Id && entry.Action == "session.token_reused")).ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "Unknown device")]
    [InlineData("", "Unknown device")]
    [InlineData("something", "Unknown device")]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData(Edge, "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.5.0", "curl")]
    public void A_user_agent_is_read_as_people_would(string? agent, string expected) => DeviceNames.Describe(agent).ShouldBe(expected);

    private static async Task<List<JsonElement>> ListAsync(HttpClient client) =>
        [.. (await (await client.GetAsync("/api/auth/sessions")).ReadJsonAsync()).GetProperty("sessions").EnumerateArray()];

    // The clock of the memory is the real one: a shifted one does not age it.
    private async Task UseAsync(ApiUser user)
    {
        await using var other = api.With();
        using var client = other.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", user.AccessToken);
        await api.ForgetCountsAsync();
        (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<DateTimeOffset> LastSeenAsync(ApiUser user)
    {
        await using var database = api.CreateContext();
        return await database.Sessions.Where(session => session.UserId == user.Id).Select(session => session.LastSeenAt).SingleAsync();
    }

    private static async Task<HttpClient> SignInAsync(WebApplicationFactory<Program> host, ApiUser user, string agent)
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        var body = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("accessToken").GetString());
        return client;
    }
}
