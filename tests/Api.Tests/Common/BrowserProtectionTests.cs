using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;

namespace Platform.Api.Tests.Common;

/// <summary>Headers, cookies, origins and forged requests: what browsers are told, and what is not believed.</summary>
[Trait("Category", "Integration")]
public sealed partial class BrowserProtectionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Every_change_by_cookie_needs_the_csrf_token()
    {
        using var browser = api.CreateClient();
        (await browser.PostAsJsonAsync("/api/auth/signup", new { name = "Browser", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password }))
            .EnsureSuccessStatusCode();
        var checkedRoutes = 0;
        foreach (var route in Routes().Where(route => route.Metadata.GetMetadata<IgnoresSignIn>() is null))
        {
            foreach (var method in Methods(route).Where(method => method is not ("GET" or "HEAD" or "OPTIONS")))
            {
                var path = Parameter().Replace(route.RoutePattern.RawText!, Guid.Empty.ToString());
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                var response = await browser.SendAsync(request);
                // Piston's clients get its own kind of refusal.
                if (route.Metadata.GetMetadata<PlainMessageErrors>() is null) await response.ShouldBeErrorAsync(403, ErrorCodes.CsrfTokenInvalid);
                else response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
                checkedRoutes++;
            }
        }

        checkedRoutes.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Only_what_takes_a_credential_of_its_own_goes_without_the_csrf_token()
    {
        var without = Routes().Where(route => route.Metadata.GetMetadata<IgnoresSignIn>() is not null).ToList();
        without.Count.ShouldBeGreaterThan(5);
        without.Where(route => !route.Metadata.OfType<IAllowAnonymous>().Any()).Select(Name).ShouldBeEmpty();
        // What GitHub delivers is signed, and comes in bursts that a rule of its own allows. An invitation is read by its token, and nothing changes.
        without.Where(route => Methods(route).Contains("POST") && route.Metadata.GetMetadata<RateLimitMetadata>()?.Policy != RateLimitPolicy.Auth).Select(Name)
            .ShouldBe(["refreshSession", "receiveGitHubWebhook", "getInvitation"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("signUp"), InlineData("register"), InlineData("logIn"), InlineData("verifyEmail")]
    [InlineData("resendVerification"), InlineData("forgotPassword"), InlineData("resetPassword")]
    public void Endpoints_that_take_or_mail_a_credential_are_limited_per_address(string name) =>
        Routes().Single(route => Name(route) == name).Metadata.GetMetadata<RateLimitMetadata>().ShouldNotBeNull().Policy.ShouldBe(RateLimitPolicy.Auth);

    [Theory]
    [InlineData("/api/auth/session")]
    [InlineData("/api/no-such-thing")]
    [InlineData("/health")]
    public async Task Every_answer_tells_browsers_to_be_careful(string path)
    {
        using var client = api.CreateClient();
        var headers = (await client.GetAsync(path)).Headers;
        headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY");
        headers.GetValues("Referrer-Policy").Single().ShouldBe("no-referrer");
        headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=()");
        headers.GetValues("Cross-Origin-Opener-Policy").Single().ShouldBe("same-origin");
        headers.GetValues("Cross-Origin-Resource-Policy").Single().ShouldBe("same-site");
        headers.Contains("Strict-Transport-Security").ShouldBeFalse("there is no https in Development");
    }

    [Fact]
    public async Task Over_https_cookies_are_bound_to_the_host_and_https_is_remembered()
    {
        await using var production = From("203.0.113.9", "Production");
        using var client = production.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), HandleCookies = false });
        var answer = await client.PostAsJsonAsync("/api/auth/signup", new { name = "Cookie", email = $"{Guid.NewGuid():N}@example.com", password = ApiFactory.Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldContain("max-age=31536000");
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        cookies.ShouldAllBe(cookie => cookie.Contains("; secure") && cookie.Contains("; httponly") && cookie.Contains("; samesite=lax") && !cookie.Contains("domain="));
        var access = cookies.Single(cookie => cookie.StartsWith("__Host-access_token="));
        access.ShouldContain("; path=/;");
        cookies.Single(cookie => cookie.StartsWith("__Secure-refresh_token=")).ShouldContain("; path=/api/auth");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        request.Headers.Add("Cookie", access.Split(';')[0]);
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // The name without the prefix is one that a neighbour on the domain could set.
        using var planted = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        planted.Headers.Add("Cookie", access.Split(';')[0].Replace("__Host-", ""));
        (await client.SendAsync(planted)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(ApiFactory.Frontend, true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task A_preflight_is_granted_to_the_front_end_only(string origin, bool granted)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/auth/logout");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-csrf-token");
        var answer = await client.SendAsync(request);
        answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed).ShouldBe(granted);
        if (!granted) return;
        allowed!.Single().ShouldBe(origin);
        answer.Headers.GetValues("Access-Control-Allow-Credentials").Single().ShouldBe("true");
        answer.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("X-CSRF-Token");
    }

    [Fact]
    public async Task Nobody_gets_a_fresh_limit_by_claiming_another_address()
    {
        await api.ForgetCountsAsync();
        await using var host = From("203.0.113.9", settings: ("RateLimits:Auth:PermitLimit", "2"));
        using var client = host.CreateClient();
        (await LogInAsync(client, "198.51.100.1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LogInAsync(client, "198.51.100.2")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await (await LogInAsync(client, "198.51.100.3")).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
    }

    [Fact]
    public async Task A_trusted_proxy_is_believed_about_its_client_and_the_client_about_nothing()
    {
        await api.ForgetCountsAsync();
        await using var host = From("10.1.2.3", settings: [("RateLimits:Auth:PermitLimit", "1"), ("Requests:TrustedProxies:0", "10.0.0.0/8")]);
        using var client = host.CreateClient();
        (await LogInAsync(client, "198.51.100.1")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LogInAsync(client, "198.51.100.2")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // What stands left of the proxy's own word was sent by the client.
        await (await LogInAsync(client, "192.0.2.99, 198.51.100.1")).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
    }

    [Fact]
    public async Task Who_has_not_proven_an_address_runs_code_on_the_quota_of_the_anonymous()
    {
        var unverified = await api.SignUpAsync(verified: false);
        var verified = await api.SignUpAsync();
        await api.ForgetCountsAsync();
        await using var host = api.With(("RateLimits:AnonymousRuns:PermitLimit", "1"));
        async Task<HttpResponseMessage> RunAsync(ApiUser user)
        {
            using var client = host.CreateClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", user.AccessToken);
            return await client.PostAsJsonAsync("/api/execute/execute", new { language = "no such language" });
        }

        await (await RunAsync(unverified)).ShouldBeErrorAsync(422, ErrorCodes.ValidationError);
        await (await RunAsync(unverified)).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
        for (var i = 0; i < 2; i++) await (await RunAsync(verified)).ShouldBeErrorAsync(422, ErrorCodes.ValidationError);
    }

    private WebApplicationFactory<Program> From(string address, string environment = "Development", params (string Key, string Value)[] settings) =>
        api.WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment(environment);
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
            builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new ClientAddress(IPAddress.Parse(address))));
        });

    private static async Task<HttpResponseMessage> LogInAsync(HttpClient client, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
        {
            Content = JsonContent.Create(new { email = "nobody@example.com", password = ApiFactory.Password }),
        };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await client.SendAsync(request);
    }

    private List<RouteEndpoint> Routes() =>
    [
        .. api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<ApiEndpointMetadata>() is not null),
    ];

    private static string? Name(RouteEndpoint route) => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;

    private static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
