using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Api.Tests.OAuth;

[Trait("Category", "Integration")]
public sealed class OAuthSignInTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    private const string Login = ApiFactory.Frontend + "/login";

    [Theory, InlineData("github"), InlineData("google")]
    public async Task A_new_person_gets_an_account_with_a_proven_address(string provider)
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();

        var page = await browser.SignInAsync(provider, person);

        page.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/dashboard");
        var user = (await browser.GetSessionAsync()).GetProperty("user");
        user.GetProperty("email").GetString().ShouldBe(person.Email);
        user.GetProperty("emailVerified").GetBoolean().ShouldBeTrue();
        await using var database = api.CreateContext();
        var row = await database.Users.SingleAsync(each => each.Email == person.Email);
        (provider == "github" ? row.GitHubId : row.GoogleId).ShouldBe(person.Key);
        row.PasswordHash.ShouldBeNull();
        (await database.UserLogins.SingleAsync(each => each.UserId == row.Id)).ProviderKey.ShouldBe(person.Key);
        (await database.AuditEvents.Where(each => each.ActorId == row.Id).Select(each => each.Action).ToListAsync())
            // The first account of an installation is also named its administrator.
            .Except(["account.administrator_named"]).ShouldBe(["account.created", "login.linked", "session.started"], ignoreOrder: true);
    }

    [Fact]
    public async Task Who_comes_again_comes_to_the_same_account()
    {
        using var first = api.CreateBrowser();
        using var second = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        await first.SignInAsync("github", person);

        // The address at the provider may change: the number is who it is.
        var page = await second.SignInAsync("github", person with { Email = "moved-" + person.Email });

        page.Page().ShouldBe(ApiFactory.Frontend + "/dashboard");
        var users = new[] { await first.GetSessionAsync(), await second.GetSessionAsync() }.Select(session => session.GetProperty("user").GetProperty("id").GetGuid());
        users.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_tabs_at_once_make_one_account()
    {
        var person = IdentityFactory.NewPerson();
        var browsers = Enumerable.Range(0, 4).Select(_ => api.CreateBrowser()).ToList();

        var pages = await Task.WhenAll(browsers.Select(browser => browser.SignInAsync("google", person)));

        // Whoever was too early to find the account and too late to make it is told, and nobody gets a second one.
        pages.Count(page => page.Page() == ApiFactory.Frontend + "/dashboard").ShouldBeGreaterThan(0);
        await using var database = api.CreateContext();
        (await database.Users.CountAsync(user => user.Email == person.Email)).ShouldBe(1);
        (await database.UserLogins.CountAsync(login => login.ProviderKey == person.Key)).ShouldBe(1);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task The_token_of_GitHub_is_kept_encrypted()
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        await browser.SignInAsync("github", person);

        await using var database = api.CreateContext();
        var connection = await database.GitHubConnections.SingleAsync(row => row.GitHubUsername == person.Name);
        connection.GitHubAccessToken.ShouldNotContain(api.TokenOf(person));
        api.Services.GetRequiredService<GitHubTokens>().Unprotect(connection.GitHubAccessToken).ShouldBe(api.TokenOf(person));
    }

    [Theory]
    [InlineData("?returnUrl=/deploy?step=2", ApiFactory.Frontend + "/deploy?step=2")]
    [InlineData("?returnUrl=http://localhost:8080/analytics", ApiFactory.Frontend + "/analytics")]
    [InlineData("", ApiFactory.Frontend + "/dashboard")]
    public async Task The_browser_comes_back_to_where_it_was(string query, string expected)
    {
        using var browser = api.CreateBrowser();
        (await browser.SignInAsync("google", IdentityFactory.NewPerson(), query)).AbsoluteUri.ShouldBe(expected);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example")]
    [InlineData("http://localhost:8080@evil.example/")]
    [InlineData("http://user@localhost:8080/")]
    [InlineData("http://localhost:8080.evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\n//evil.example")]
    [InlineData("dashboard")]
    public async Task No_other_place_is_returned_to(string returnUrl)
    {
        using var browser = api.CreateBrowser();
        var answer = await browser.Client.GetAsync($"/api/auth/github?returnUrl={Uri.EscapeDataString(returnUrl)}");
        (await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR")).GetProperty("details").TryGetProperty("returnUrl", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Remember_me_travels_through_the_provider()
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        await browser.SignInAsync("github", person, "?rememberMe=true");

        await using var database = api.CreateContext();
        var session = await database.Sessions.SingleAsync(row => database.Users.Any(user => user.Id == row.UserId && user.Email == person.Email));
        session.Persistent.ShouldBeTrue();
    }

    [Theory]
    [InlineData("?code=abc&state=forged")]
    [InlineData("?code=abc")]
    [InlineData("")]
    public async Task A_forged_state_is_refused(string query)
    {
        using var browser = api.CreateBrowser();
        var page = await browser.GoAsync("/api/auth/github/callback" + query);
        page.AbsoluteUri.ShouldBe($"{Login}?error=OAUTH_STATE_INVALID");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_one_browser_began_no_other_can_finish()
    {
        using var mine = api.CreateBrowser();
        using var victim = api.CreateBrowser();
        var callback = api.GitHub.Authorize(await mine.GoAsync("/api/auth/github"), IdentityFactory.NewPerson());

        (await victim.GoAsync(callback.PathAndQuery)).Query("error").ShouldBe("OAUTH_STATE_INVALID");

        (await victim.IsSignedInAsync()).ShouldBeFalse();
        (await mine.GoAsync(callback.PathAndQuery)).Page().ShouldBe(ApiFactory.Frontend + "/dashboard");
    }

    [Fact]
    public async Task The_answer_of_one_provider_is_none_of_another()
    {
        using var browser = api.CreateBrowser();
        var callback = api.GitHub.Authorize(await browser.GoAsync("/api/auth/github"), IdentityFactory.NewPerson());

        var page = await browser.GoAsync(callback.PathAndQuery.Replace("/github/", "/google/", StringComparison.Ordinal));

        page.Query("error").ShouldBe("OAUTH_STATE_INVALID");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_callback_is_good_once()
    {
        using var browser = api.CreateBrowser();
        var callback = api.GitHub.Authorize(await browser.GoAsync("/api/auth/github"), IdentityFactory.NewPerson());
        await browser.GoAsync(callback.PathAndQuery);

        (await browser.GoAsync(callback.PathAndQuery)).Query("error").ShouldBe("OAUTH_STATE_INVALID");
    }

    [Fact]
    public async Task A_code_that_was_used_opens_nothing()
    {
        using var first = api.CreateBrowser();
        using var second = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        var used = api.GitHub.Authorize(await first.GoAsync("/api/auth/github"), person);
        await first.GoAsync(used.PathAndQuery);
        var own = api.GitHub.Authorize(await second.GoAsync("/api/auth/github"), person);

        // The second browser's own state with the first one's code: stolen from a log, say.
        var page = await second.GoAsync($"/api/auth/github/callback?code={used.Query("code")}&state={Uri.EscapeDataString(own.Query("state")!)}");

        page.AbsoluteUri.ShouldBe($"{Login}?error=OAUTH_FAILED");
        (await second.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_code_without_its_verifier_opens_nothing()
    {
        using var thief = api.CreateBrowser();
        using var victim = api.CreateBrowser();
        var stolen = api.GitHub.Authorize(await victim.GoAsync("/api/auth/github"), IdentityFactory.NewPerson());
        var own = await thief.GoAsync("/api/auth/github");

        // Fresh, but of another challenge.
        var page = await thief.GoAsync($"/api/auth/github/callback?code={stolen.Query("code")}&state={Uri.EscapeDataString(own.Query("state")!)}");

        page.Query("error").ShouldBe("OAUTH_FAILED");
        api.GitHub.Refusals.ShouldContain("wrong verifier");
        (await thief.IsSignedInAsync()).ShouldBeFalse();
    }

    [Theory, InlineData("access_denied", "OAUTH_DENIED"), InlineData("server_error", "OAUTH_FAILED")]
    public async Task A_refusal_of_the_provider_ends_at_the_login_page_without_its_words(string error, string expected)
    {
        using var browser = api.CreateBrowser();
        var page = await browser.GoAsync(FakeOAuthProvider.Deny(await browser.GoAsync("/api/auth/google"), error).PathAndQuery);
        page.AbsoluteUri.ShouldBe($"{Login}?error={expected}");
    }

    [Fact]
    public async Task A_provider_that_is_broken_ends_at_the_login_page()
    {
        using var browser = api.CreateBrowser();
        var callback = api.Google.Authorize(await browser.GoAsync("/api/auth/google"), IdentityFactory.NewPerson());
        api.Google.TokenFailure = 503;
        try
        {
            (await browser.GoAsync(callback.PathAndQuery)).AbsoluteUri.ShouldBe($"{Login}?error=OAUTH_FAILED");
        }
        finally
        {
            api.Google.TokenFailure = 0;
        }
    }

    [Fact]
    public async Task Who_tells_no_address_gets_no_account()
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson() with { Email = null };
        (await browser.SignInAsync("google", person)).Query("error").ShouldBe("EMAIL_MISSING");
    }

    [Fact]
    public async Task An_account_that_was_closed_stays_closed()
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        await browser.SignInAsync("github", person);
        await using (var database = api.CreateContext())
            await database.Users.Where(user => user.Email == person.Email).ExecuteUpdateAsync(user => user.SetProperty(each => each.DisabledAt, TimeProvider.System.GetUtcNow()));

        using var again = api.CreateBrowser();
        (await again.SignInAsync("github", person)).Query("error").ShouldBe("ACCOUNT_DISABLED");
        (await again.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Configured_providers_are_told() =>
        (await (await api.CreateClient().GetAsync("/api/auth/providers")).ReadJsonAsync()).GetProperty("providers").EnumerateArray()
            .Select(provider => provider.GetProperty("url").GetString()).ShouldBe(["/api/auth/github", "/api/auth/google"]);

    [Fact]
    public async Task The_registered_callback_is_used_where_one_is_configured()
    {
        await using var behindGateway = api.With(("GitHub:CallbackUrl", "https://autostack.example/api/auth/github/callback"));
        using var client = behindGateway.CreateClient(new() { AllowAutoRedirect = false });
        var page = (await client.GetAsync("/api/auth/github")).Headers.Location!;
        page.Query("redirect_uri").ShouldBe("https://autostack.example/api/auth/github/callback");
    }

    [Fact]
    public async Task Half_a_configuration_does_not_start()
    {
        await using var half = api.With(("Google:ClientSecret", ""));
        Should.Throw<InvalidOperationException>(() => half.CreateClient()).Message.ShouldContain("Google:ClientSecret");
    }

    [Fact]
    public async Task A_state_does_not_live_for_ever()
    {
        using var browser = api.CreateBrowser();
        var callback = api.GitHub.Authorize(await browser.GoAsync("/api/auth/github"), IdentityFactory.NewPerson());
        api.Time.Advance(TimeSpan.FromMinutes(11));
        (await browser.GoAsync(callback.PathAndQuery)).Query("error").ShouldBe("OAUTH_STATE_INVALID");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Cookies_of_the_way_are_kept_from_scripts_and_other_routes()
    {
        using var browser = api.CreateBrowser();
        var answer = await browser.Client.GetAsync("/api/auth/github");
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/api/auth/github/callback");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }
}

[Trait("Category", "Integration")]
public sealed class OAuthNotConfiguredTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory, InlineData("github"), InlineData("google")]
    public async Task A_provider_that_is_not_configured_is_hidden(string provider)
    {
        using var client = api.CreateClient();
        (await (await client.GetAsync("/api/auth/providers")).ReadJsonAsync()).GetProperty("providers").GetArrayLength().ShouldBe(0);
        await (await client.GetAsync($"/api/auth/{provider}")).ShouldBeErrorAsync(404, "PROVIDER_NOT_CONFIGURED");
        await (await client.GetAsync($"/api/auth/{provider}/callback?code=x&state=y")).ShouldBeErrorAsync(404, "PROVIDER_NOT_CONFIGURED");
        var user = await api.SignUpAsync();
        await (await user.Client.PostAsync($"/api/user/logins/{provider}", null)).ShouldBeErrorAsync(404, "PROVIDER_NOT_CONFIGURED");
        await (await user.Client.GetAsync("/api/github/app/install")).ShouldBeErrorAsync(404, "GITHUB_APP_NOT_CONFIGURED");
    }
}
