using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Testing;

namespace Platform.Api.Tests.Access;

/// <summary>Who shows a token that is not valid is not served as nobody; who only has a stale cookie is.</summary>
[Trait("Category", "Integration")]
public sealed class StaleTokenTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    private static readonly object Nonsense = new { language = "none", code = "" };

    /// <summary>Routes that let everybody in, and what anonymous callers are answered.</summary>
    public static TheoryData<string, string, int> OpenRoutes => new()
    {
        { "POST", "/api/execute/execute", 422 },
        { "POST", "/api/execute/validate", 422 },
        { "GET", "/api/execute/languages", 200 },
        { "GET", "/api/snippets/shared/none", 404 },
        { "POST", "/api/snippets/shared/none/run", 404 },
        { "GET", "/api/v2/runtimes", 200 },
        { "POST", "/api/v2/execute", 400 },
    };

    [Theory, MemberData(nameof(OpenRoutes))]
    public async Task A_token_that_is_not_valid_is_refused_where_everybody_is_let_in(string method, string path, int anonymous)
    {
        using var client = Client();
        ((int)(await client.SendAsync(Request(method, path, null))).StatusCode).ShouldBe(anonymous);
        foreach (var header in new[] { "Bearer", "bearer nonsense", $"Bearer {await EndedSessionAsync()}", $"Bearer {await ExpiredTokenAsync()}", "Bearer ast_nonsense" })
        {
            using var response = await client.SendAsync(Request(method, path, header));
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, header);
            response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            if (!path.StartsWith("/api/v2", StringComparison.Ordinal)) await response.ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        }

        using var valid = await client.SendAsync(Request(method, path, $"Bearer {fixture.Owner.AccessToken}"));
        ((int)valid.StatusCode).ShouldBe(anonymous);
    }

    [Theory]
    [InlineData("/api/execute/stream/s")]
    [InlineData("/api/v2/connect")]
    public async Task So_it_is_on_sockets_by_header_and_in_the_address(string path)
    {
        foreach (var token in new[] { "nonsense", await EndedSessionAsync(), await ExpiredTokenAsync() })
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync($"{path}?token={token}", null))).Message.ShouldContain("401");
            (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync(path, $"Bearer {token}"))).Message.ShouldContain("401");
        }

        foreach (var token in new[] { "", fixture.Owner.AccessToken })
        {
            using var socket = await ConnectAsync($"{path}?token={token}", null);
            socket.State.ShouldBe(WebSocketState.Open);
            socket.Abort();
        }
    }

    [Fact]
    public async Task What_signs_in_does_not_mind_a_stale_token()
    {
        var user = await fixture.Api.SignUpAsync();
        using var client = Client();
        var signedIn = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await EndedSessionAsync());

        (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = signedIn.GetProperty("refreshToken").GetString() })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/api/auth/providers")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_browser_whose_cookie_is_stale_is_nobody_unless_it_claims_a_session()
    {
        using var browser = fixture.Api.CreateClient();
        var account = new { name = "Browser", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password };
        var signedUp = await (await browser.PostAsJsonAsync("/api/auth/signup", account)).ReadJsonAsync();
        using var ending = Client();
        ending.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedUp.GetProperty("accessToken").GetString());
        (await ending.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(async () => (await browser.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized);

        (await browser.GetAsync("/api/execute/languages")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsJsonAsync("/api/execute/execute", Nonsense)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.DefaultRequestHeaders.Add(CsrfMiddleware.Header, signedUp.GetProperty("csrfToken").GetString());
        await (await browser.PostAsJsonAsync("/api/execute/execute", Nonsense)).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        (await browser.PostAsJsonAsync("/api/auth/login", new { email = account.email, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_refused_takes_no_run_from_those_behind_the_same_address()
    {
        await fixture.Api.ForgetCountsAsync();
        await using var strict = fixture.Api.With(("RateLimits:AnonymousRuns:PermitLimit", "1"), ("RateLimits:AnonymousRuns:Window", "1.00:00:00"));
        using var client = strict.CreateClient();
        for (var time = 0; time < 3; time++)
            (await client.SendAsync(Request("POST", "/api/execute/execute", "Bearer nonsense"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await client.SendAsync(Request("POST", "/api/execute/execute", null))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.SendAsync(Request("POST", "/api/execute/execute", null))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private HttpClient Client() => fixture.Api.CreateClient(new() { HandleCookies = false });

    private static HttpRequestMessage Request(string method, string path, string? authorization)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") request.Content = JsonContent.Create(Nonsense);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    private Task<WebSocket> ConnectAsync(string path, string? authorization)
    {
        var client = fixture.Api.Server.CreateWebSocketClient();
        client.ConfigureRequest = request =>
        {
            if (authorization is not null) request.Headers.Authorization = authorization;
        };
        return client.ConnectAsync(new Uri(fixture.Api.Server.BaseAddress, path), CancellationToken.None);
    }

    private async Task<string> EndedSessionAsync()
    {
        var user = await fixture.Api.SignUpAsync();
        (await user.Client.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(async () => (await user.Client.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized);
        return user.AccessToken;
    }

    private Task<string> ExpiredTokenAsync() => fixture.NewTokenAsync(fixture.Owner.Id, AccessFixture.AllScopes, expired: true);
}
