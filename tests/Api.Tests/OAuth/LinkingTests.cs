using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.Users;

namespace Platform.Api.Tests.OAuth;

[Trait("Category", "Integration")]
public sealed class LinkingTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task An_existing_account_is_opened_by_its_password_once_and_then_by_the_provider()
    {
        var user = await api.SignUpAsync();
        var person = IdentityFactory.NewPerson(user.Email);
        using var browser = api.CreateBrowser();

        var page = await browser.SignInAsync("github", person);

        page.Page().ShouldBe(ApiFactory.Frontend + "/login");
        page.Fragment("methods").ShouldBe("password,mail");
        (await browser.IsSignedInAsync()).ShouldBeFalse();
        var token = page.Fragment("linkToken")!;
        await (await LinkAsync(browser, token, "not the password")).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        await (await LinkAsync(browser, token, null)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        (await (await LinkAsync(browser, token, ApiFactory.Password)).ReadJsonAsync()).GetProperty("user").GetProperty("id").GetGuid().ShouldBe(user.Id);
        await (await LinkAsync(browser, token, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_LINK_TOKEN");

        using var later = api.CreateBrowser();
        (await later.SignInAsync("github", person)).Page().ShouldBe(ApiFactory.Frontend + "/dashboard");
        (await later.GetSessionAsync()).GetProperty("user").GetProperty("id").GetGuid().ShouldBe(user.Id);
    }

    [Fact]
    public async Task An_existing_account_is_opened_by_a_mailed_link()
    {
        var user = await api.SignUpAsync();
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("google", IdentityFactory.NewPerson(user.Email));
        var token = MailFolder.Token(await api.WaitForMailAsync(user.Email, "connect the two"));

        // In another browser, where the mails are read.
        using var other = api.CreateBrowser();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LinkAsync(other, token, null)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(2);
        await using var database = api.CreateContext();
        (await database.UserLogins.CountAsync(login => login.UserId == user.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task An_account_that_was_made_for_somebody_elses_address_is_no_trap()
    {
        // The attacker signs up with the victim's address and waits.
        var attacker = await api.SignUpAsync(verified: false);
        using var victim = api.CreateBrowser();

        var page = await victim.SignInAsync("github", IdentityFactory.NewPerson(attacker.Email));

        page.Query("error").ShouldBe("ACCOUNT_UNVERIFIED");
        (await victim.IsSignedInAsync()).ShouldBeFalse();
        await using var database = api.CreateContext();
        (await database.UserLogins.AnyAsync(login => login.UserId == attacker.Id)).ShouldBeFalse();
        (await database.Users.SingleAsync(row => row.Id == attacker.Id)).EmailConfirmed.ShouldBeFalse();
        (await database.PendingLogins.AnyAsync(row => row.Email == attacker.Email)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_address_that_the_provider_does_not_vouch_for_opens_no_account()
    {
        var user = await api.SignUpAsync();
        using var attacker = api.CreateBrowser();
        (await attacker.SignInAsync("google", IdentityFactory.NewPerson(user.Email, verified: false))).Query("error").ShouldBe("EMAIL_TAKEN");
        await using var database = api.CreateContext();
        (await database.PendingLogins.AnyAsync(row => row.Email == user.Email)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_address_that_the_provider_does_not_vouch_for_is_proven_by_mail_first()
    {
        var person = IdentityFactory.NewPerson(verified: false);
        using var browser = api.CreateBrowser();

        var page = await browser.SignInAsync("google", person);

        page.Query("notice").ShouldBe("CONFIRM_EMAIL");
        await using (var database = api.CreateContext()) (await database.Users.AnyAsync(user => user.Email == person.Email)).ShouldBeFalse();
        var token = MailFolder.Token(await api.WaitForMailAsync(person.Email!, "confirm the address"));
        var body = await (await LinkAsync(browser, token, null)).ReadJsonAsync();
        body.GetProperty("user").GetProperty("emailVerified").GetBoolean().ShouldBeTrue();
        using var later = api.CreateBrowser();
        (await later.SignInAsync("google", person)).Page().ShouldBe(ApiFactory.Frontend + "/dashboard");
    }

    [Fact]
    public async Task A_strangers_mailbox_is_not_filled()
    {
        var user = await api.SignUpAsync();
        var person = IdentityFactory.NewPerson(user.Email);
        using var browser = api.CreateBrowser();
        for (var i = 0; i < 5; i++) await browser.SignInAsync("google", person);
        await using var database = api.CreateContext();
        (await database.PendingLogins.CountAsync(row => row.Email == user.Email)).ShouldBe(3);
    }

    [Fact]
    public async Task An_interrupted_sign_in_ends_after_a_quarter_of_an_hour_and_is_stored_hashed()
    {
        var user = await api.SignUpAsync();
        using var browser = api.CreateBrowser();
        var token = (await browser.SignInAsync("google", IdentityFactory.NewPerson(user.Email))).Fragment("linkToken")!;
        await using (var database = api.CreateContext()) (await database.PendingLogins.SingleAsync(row => row.Email == user.Email)).TokenHash.ShouldNotBe(token);
        api.Time.Advance(TimeSpan.FromMinutes(16));
        await (await LinkAsync(browser, token, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_LINK_TOKEN");
    }

    [Fact]
    public async Task Somebody_signed_in_connects_a_provider_and_disconnects_it()
    {
        using var browser = api.CreateBrowser();
        var email = await SignUpAsync(browser);
        var person = IdentityFactory.NewPerson();

        var begun = await (await browser.SendAsync(HttpMethod.Post, "/api/user/logins/github", new { returnUrl = "/settings?tab=logins" })).ReadJsonAsync();
        var page = await browser.GoAsync(api.GitHub.Authorize(new Uri(begun.GetProperty("url").GetString()!), person).PathAndQuery);

        page.AbsoluteUri.ShouldBe(ApiFactory.Frontend + "/settings?tab=logins&linked=github");
        var logins = await (await browser.Client.GetAsync("/api/user/logins")).ReadJsonAsync();
        logins.GetProperty("logins")[0].GetProperty("provider").GetString().ShouldBe("github");
        logins.GetProperty("logins")[0].GetProperty("name").GetString().ShouldBe(person.Name);
        logins.GetProperty("canUnlink").GetBoolean().ShouldBeTrue();
        await (await browser.SendAsync(HttpMethod.Post, "/api/user/logins/github")).ShouldBeErrorAsync(409, "PROVIDER_ALREADY_LINKED");
        (await api.WaitForMailAsync(email, "can sign in to your Autostack account")).ShouldContain(person.Name);

        (await browser.SendAsync(HttpMethod.Delete, "/api/user/logins/github")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await browser.SendAsync(HttpMethod.Delete, "/api/user/logins/github")).ShouldBeErrorAsync(404, "LOGIN_NOT_FOUND");
        await using var database = api.CreateContext();
        (await database.Users.SingleAsync(user => user.Email == email)).GitHubId.ShouldBeNull();
        (await database.GitHubConnections.AnyAsync(row => row.GitHubUsername == person.Name)).ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_is_made_to_connect_a_foreign_login()
    {
        using var attacker = api.CreateBrowser();
        using var victim = api.CreateBrowser();
        await SignUpAsync(attacker);
        var victimEmail = await SignUpAsync(victim);
        var begun = await (await attacker.SendAsync(HttpMethod.Post, "/api/user/logins/github")).ReadJsonAsync();
        var callback = api.GitHub.Authorize(new Uri(begun.GetProperty("url").GetString()!), IdentityFactory.NewPerson());

        // The attacker's link, opened by the victim.
        (await victim.GoAsync(callback.PathAndQuery)).Query("error").ShouldBe("OAUTH_STATE_INVALID");

        await using var database = api.CreateContext();
        (await database.Users.SingleAsync(user => user.Email == victimEmail)).GitHubId.ShouldBeNull();
    }

    [Fact]
    public async Task A_login_leads_to_one_account()
    {
        var person = IdentityFactory.NewPerson();
        using var first = api.CreateBrowser();
        await first.SignInAsync("google", person);
        using var second = api.CreateBrowser();
        await SignUpAsync(second);

        var begun = await (await second.SendAsync(HttpMethod.Post, "/api/user/logins/google")).ReadJsonAsync();
        var page = await second.GoAsync(api.Google.Authorize(new Uri(begun.GetProperty("url").GetString()!), person).PathAndQuery);

        page.Query("error").ShouldBe("LOGIN_IN_USE");
    }

    [Fact]
    public async Task A_session_that_ended_connects_nothing()
    {
        using var browser = api.CreateBrowser();
        await SignUpAsync(browser);
        var begun = await (await browser.SendAsync(HttpMethod.Post, "/api/user/logins/google")).ReadJsonAsync();
        await browser.SendAsync(HttpMethod.Post, "/api/auth/logout");
        var page = await browser.GoAsync(api.Google.Authorize(new Uri(begun.GetProperty("url").GetString()!), IdentityFactory.NewPerson()).PathAndQuery);
        page.Query("error").ShouldBe("SESSION_ENDED");
    }

    [Fact]
    public async Task The_last_way_in_stays_even_when_two_are_closed_at_once()
    {
        using var browser = api.CreateBrowser();
        var person = IdentityFactory.NewPerson();
        await browser.SignInAsync("github", person);
        await (await browser.SendAsync(HttpMethod.Delete, "/api/user/logins/github")).ShouldBeErrorAsync(409, "LAST_LOGIN");
        var begun = await (await browser.SendAsync(HttpMethod.Post, "/api/user/logins/google")).ReadJsonAsync();
        await browser.GoAsync(api.Google.Authorize(new Uri(begun.GetProperty("url").GetString()!), IdentityFactory.NewPerson()).PathAndQuery);

        var answers = await Task.WhenAll(
            browser.SendAsync(HttpMethod.Delete, "/api/user/logins/github"), browser.SendAsync(HttpMethod.Delete, "/api/user/logins/google"));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        await answers.Single(answer => answer.StatusCode != HttpStatusCode.NoContent).ShouldBeErrorAsync(409, "LAST_LOGIN");
    }

    [Fact]
    public async Task Connecting_by_cookie_needs_the_csrf_token()
    {
        using var browser = api.CreateBrowser();
        await SignUpAsync(browser);
        await (await browser.Client.PostAsync("/api/user/logins/google", null)).ShouldBeErrorAsync(403, "CSRF_TOKEN_INVALID");
        await (await browser.Client.DeleteAsync("/api/user/logins/google")).ShouldBeErrorAsync(403, "CSRF_TOKEN_INVALID");
    }

    [Fact]
    public async Task An_unknown_provider_is_not_there()
    {
        var user = await api.SignUpAsync();
        await (await user.Client.PostAsync("/api/user/logins/facebook", null)).ShouldBeErrorAsync(404, "PROVIDER_NOT_FOUND");
        await (await user.Client.DeleteAsync("/api/user/logins/facebook")).ShouldBeErrorAsync(404, "PROVIDER_NOT_FOUND");
    }

    private static Task<HttpResponseMessage> LinkAsync(Browser browser, string token, string? password) =>
        browser.Client.PostAsJsonAsync("/api/auth/link", new { token, password });

    private async Task<string> SignUpAsync(Browser browser)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        (await browser.Client.PostAsJsonAsync("/api/auth/signup", new { name = "Somebody", email, password = ApiFactory.Password })).EnsureSuccessStatusCode();
        await using var database = api.CreateContext();
        await database.Users.Where(user => user.Email == email).ExecuteUpdateAsync(user => user.SetProperty(each => each.EmailConfirmed, true));
        return email;
    }
}
