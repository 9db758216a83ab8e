using System.Net;
using System.Net.Http.Json;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;

namespace Platform.Api.Tests.Auth;

/// <summary>The way of browsers: cookies, the CSRF token, origins.</summary>
[Trait("Category", "Integration")]
public sealed class CookieTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_browser_signs_in_works_and_signs_out()
    {
        using var browser = api.CreateClient();
        var csrf = await SignUpAsync(browser);
        (await (await browser.GetAsync("/api/auth/session")).ReadJsonAsync()).GetProperty("csrfToken").GetString().ShouldBe(csrf);

        browser.DefaultRequestHeaders.Add(CsrfMiddleware.Header, csrf);
        (await browser.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await browser.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task A_change_by_cookie_needs_the_token_of_the_session(string? token)
    {
        using var browser = api.CreateClient();
        await SignUpAsync(browser);
        if (token is not null) browser.DefaultRequestHeaders.Add(CsrfMiddleware.Header, token);
        await (await browser.PostAsync("/api/auth/logout", null)).ShouldBeErrorAsync(403, ErrorCodes.CsrfTokenInvalid);
        (await browser.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_token_of_another_session_does_not_do()
    {
        using var other = api.CreateClient();
        using var browser = api.CreateClient();
        var foreign = await SignUpAsync(other);
        await SignUpAsync(browser);
        browser.DefaultRequestHeaders.Add(CsrfMiddleware.Header, foreign);
        await (await browser.PostAsync("/api/auth/logout", null)).ShouldBeErrorAsync(403, ErrorCodes.CsrfTokenInvalid);
    }

    [Fact]
    public async Task A_bearer_needs_none()
    {
        var user = await api.SignUpAsync();
        (await user.Client.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Refresh_by_cookie_needs_only_the_cookie()
    {
        using var browser = api.CreateClient();
        var csrf = await SignUpAsync(browser);
        api.Time.Advance(TimeSpan.FromMinutes(16));
        await (await browser.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);

        var body = await (await browser.PostAsync("/api/auth/refresh", null)).ReadJsonAsync();

        body.GetProperty("csrfToken").GetString().ShouldBe(csrf);
        (await browser.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_without_any_token_is_refused_and_takes_the_cookies_away()
    {
        using var browser = api.CreateClient();
        var response = await browser.PostAsync("/api/auth/refresh", null);
        await response.ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        response.Headers.GetValues("Set-Cookie").Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData(ApiFactory.Frontend, true)]
    public async Task A_page_of_another_site_cannot_sign_a_browser_in(string origin, bool allowed)
    {
        using var browser = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
        {
            Content = JsonContent.Create(new { email = "nobody@example.com", password = ApiFactory.Password }),
        };
        request.Headers.Add("Origin", origin);
        var response = await browser.SendAsync(request);
        await response.ShouldBeErrorAsync(allowed ? 401 : 403, allowed ? "INVALID_CREDENTIALS" : ErrorCodes.OriginNotAllowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_is_remembered_beyond_its_end_when_it_asks_for_it(bool rememberMe)
    {
        var user = await api.SignUpAsync();
        using var browser = api.CreateClient();
        var signedIn = await browser.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password, rememberMe });
        var refreshed = await browser.PostAsync("/api/auth/refresh", null);
        foreach (var answer in new[] { signedIn, refreshed })
            answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("max-age=") == rememberMe);
    }

    private static async Task<string> SignUpAsync(HttpClient browser)
    {
        var request = new { name = "Browser", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password };
        return (await (await browser.PostAsJsonAsync("/api/auth/signup", request)).ReadJsonAsync()).GetProperty("csrfToken").GetString()!;
    }
}
