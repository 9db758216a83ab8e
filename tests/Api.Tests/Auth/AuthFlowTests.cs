using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth;
using Platform.Api.Common.Errors;

namespace Platform.Api.Tests.Auth;

[Trait("Category", "Integration")]
public sealed class AuthFlowTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("signup")]
    [InlineData("register")]
    public async Task Sign_up_answers_tokens_that_work(string route)
    {
        using var client = Stateless();
        var email = $"{Guid.NewGuid():N}@example.com";

        var body = await (await client.PostAsJsonAsync($"/api/auth/{route}", new { name = "Ada Lovelace", email, password = ApiFactory.Password })).ReadJsonAsync();

        body.GetProperty("user").GetProperty("email").GetString().ShouldBe(email);
        body.GetProperty("user").GetProperty("name").GetString().ShouldBe("Ada Lovelace");
        body.GetProperty("user").GetProperty("createdAt").GetString()!.ShouldEndWith("Z");
        body.GetProperty("expiresIn").GetInt32().ShouldBe(900);
        client.DefaultRequestHeaders.Authorization = new("Bearer", body.GetProperty("accessToken").GetString());
        var session = await (await client.GetAsync("/api/auth/session")).ReadJsonAsync();
        session.GetProperty("user").GetProperty("id").GetString().ShouldBe(body.GetProperty("user").GetProperty("id").GetString());
        session.GetProperty("csrfToken").GetString().ShouldBe(body.GetProperty("csrfToken").GetString());
        session.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeGreaterThan(api.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_token_carries_the_claims_of_the_contract()
    {
        var user = await api.SignUpAsync();
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(user.AccessToken.Split('.')[1]));
        claims.GetProperty("userId").GetGuid().ShouldBe(user.Id);
        claims.GetProperty("email").GetString().ShouldBe(user.Email);
        claims.GetProperty("name").GetString().ShouldBe("Test Person");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(900);
    }

    [Fact]
    public async Task An_address_can_be_taken_once_however_it_is_written()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var again = new { name = "Other", email = user.Email.ToUpperInvariant(), password = ApiFactory.Password };
        await (await client.PostAsJsonAsync("/api/auth/signup", again)).ShouldBeErrorAsync(409, "EMAIL_TAKEN");
    }

    [Fact]
    public async Task Of_sign_ups_at_the_same_moment_one_wins()
    {
        using var client = Stateless();
        var request = new { name = "Race", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password };
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsJsonAsync("/api/auth/signup", request)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ShouldBeErrorAsync(409, "EMAIL_TAKEN");
    }

    [Theory]
    [InlineData("password123")]
    [InlineData("QWERTY123")]
    [InlineData("ada@example.com")]
    public async Task A_password_that_is_guessed_first_is_refused(string password)
    {
        using var client = Stateless();
        var error = await (await client.PostAsJsonAsync("/api/auth/signup", new { name = "Ada", email = "ada@example.com", password }))
            .ShouldBeErrorAsync(422, ErrorCodes.ValidationError);
        error.GetProperty("details").TryGetProperty("password", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Known_and_unknown_addresses_are_refused_alike()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var known = await LogInAsync(client, user.Email, "not the password");
        var unknown = await LogInAsync(client, "nobody@example.com", "not the password");
        await known.ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        (await known.Content.ReadAsStringAsync()).ShouldBe(await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_the_account_for_a_while()
    {
        var user = await api.SignUpAsync();
        await using var strict = api.With(("Auth:LockoutAfter", "3"), ("Auth:LockoutTime", "00:05:00"));
        using var client = strict.CreateClient();
        // Together: guesses that race are all counted.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LogInAsync(client, user.Email, "not the password")));

        await (await LogInAsync(client, user.Email, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        api.Time.Advance(TimeSpan.FromMinutes(6));
        (await LogInAsync(client, user.Email, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_access_token_ends_and_refresh_continues()
    {
        var user = await api.SignUpAsync();
        api.Time.Advance(TimeSpan.FromMinutes(16));
        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);

        using var client = Stateless();
        var refreshed = await (await RefreshAsync(client, user.RefreshToken)).ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", refreshed.GetProperty("accessToken").GetString());
        (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_refreshes_with_one_token_get_one_successor()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var answers = await Task.WhenAll(RefreshAsync(client, user.RefreshToken), RefreshAsync(client, user.RefreshToken));
        var tokens = await Task.WhenAll(answers.Select(async answer => (await answer.ReadJsonAsync()).GetProperty("refreshToken").GetString()));
        tokens[0].ShouldBe(tokens[1]);
        tokens[0].ShouldNotBe(user.RefreshToken);
    }

    [Fact]
    public async Task A_spent_refresh_token_ends_the_session()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var next = (await (await RefreshAsync(client, user.RefreshToken)).ReadJsonAsync()).GetProperty("refreshToken").GetString()!;
        api.Time.Advance(TimeSpan.FromSeconds(11));

        await (await RefreshAsync(client, user.RefreshToken)).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await RefreshAsync(client, next)).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task A_token_spent_long_ago_ends_the_session_too()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        var token = user.RefreshToken;
        for (var i = 0; i < 3; i++) token = (await (await RefreshAsync(client, token)).ReadJsonAsync()).GetProperty("refreshToken").GetString()!;

        await (await RefreshAsync(client, user.RefreshToken)).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await RefreshAsync(client, token)).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
    }

    [Fact]
    public async Task Refresh_tokens_are_stored_hashed()
    {
        var user = await api.SignUpAsync();
        await using var database = api.CreateContext();
        var session = await database.Sessions.SingleAsync(row => row.UserId == user.Id);
        session.Token.ShouldNotBe(user.RefreshToken);
        session.Token.Length.ShouldBe(64);
        var stored = await database.Users.SingleAsync(row => row.Id == user.Id);
        stored.PasswordHash!.ShouldNotContain(ApiFactory.Password);
    }

    [Fact]
    public async Task Log_out_ends_the_session_at_once()
    {
        var user = await api.SignUpAsync();
        (await user.Client.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        using var client = Stateless();
        await (await RefreshAsync(client, user.RefreshToken)).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
    }

    [Fact]
    public async Task A_token_in_the_address_is_for_sockets_only()
    {
        var user = await api.SignUpAsync();
        using var client = Stateless();
        await (await client.GetAsync($"/api/auth/session?token={user.AccessToken}")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
    }

    [Fact]
    public async Task The_first_account_administers_the_installation_and_no_other()
    {
        await using var fresh = new ApiFactory();
        await ((IAsyncLifetime)fresh).InitializeAsync();
        try
        {
            var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fresh.SignUpAsync()));
            var roles = await Task.WhenAll(users.Select(async user =>
                (await (await user.Client.GetAsync("/api/auth/session")).ReadJsonAsync()).GetProperty("user").GetProperty("role").GetString()));
            roles.Count(role => role == "admin").ShouldBe(1);
            roles.Count(role => role == "user").ShouldBe(3);
        }
        finally
        {
            await ((IAsyncLifetime)fresh).DisposeAsync();
        }
    }

    [Fact]
    public async Task Cookies_are_not_for_scripts_and_the_refresh_token_stays_in_its_path()
    {
        using var client = Stateless();
        var response = await client.PostAsJsonAsync(
            "/api/auth/signup", new { name = "Cookie", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password });
        var cookies = response.Headers.GetValues("Set-Cookie").ToList();
        cookies.Count.ShouldBe(2);
        cookies.ShouldAllBe(cookie => cookie.Contains("httponly") && cookie.Contains("samesite=lax"));
        cookies.Single(cookie => cookie.StartsWith(AuthCookies.RefreshToken + "=")).ShouldContain("path=/api/auth");
    }

    private HttpClient Stateless() => api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email, password });

    private static Task<HttpResponseMessage> RefreshAsync(HttpClient client, string refreshToken) =>
        client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken });
}
