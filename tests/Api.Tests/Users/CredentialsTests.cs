using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.OAuth;
using Platform.Api.Tests.SecondFactor;

namespace Platform.Api.Tests.Users;

[Trait("Category", "Integration")]
public sealed partial class CredentialsTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    private const string NewPassword = "another quiet lamp";

    [Fact]
    public async Task A_changed_password_ends_all_other_sessions()
    {
        var user = await api.SignUpAsync();
        using var other = Stateless();
        var login = await (await LogInAsync(other, user.Email, ApiFactory.Password)).ReadJsonAsync();
        other.DefaultRequestHeaders.Authorization = new("Bearer", login.GetProperty("accessToken").GetString());

        (await ChangePasswordAsync(user, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await user.Client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await other.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await (await LogInAsync(other, user.Email, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        (await LogInAsync(other, user.Email, NewPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.WaitForMailAsync(user.Email, "was changed. All other sessions have ended")).ShouldNotBeEmpty();
        await using var database = api.CreateContext();
        (await database.AuditEvents.CountAsync(row => row.ActorId == user.Id && row.Action == "password.changed")).ShouldBe(1);
    }

    [Fact]
    public async Task The_current_password_is_needed_and_a_code_does_not_stand_for_it()
    {
        var user = await api.SignUpAsync();
        await (await ChangePasswordAsync(user, "wrong")).ShouldBeErrorAsync(403, "WRONG_PASSWORD");
        await (await ChangePasswordAsync(user, null)).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        await (await user.Client.PutAsJsonAsync("/api/user/password", new { code = app.FreshCode(), newPassword = NewPassword })).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("password123")]
    [InlineData(ApiFactory.Password)]
    [InlineData("Test Person")]
    [InlineData("")]
    public async Task A_weak_or_equal_password_is_refused(string password)
    {
        var user = await api.SignUpAsync();
        var error = await (await user.Client.PutAsJsonAsync("/api/user/password", new { currentPassword = ApiFactory.Password, newPassword = password })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        error.GetProperty("details").TryGetProperty("newPassword", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Guessing_the_password_with_a_stolen_session_locks_the_account()
    {
        var user = await api.SignUpAsync();
        await using var strict = api.With(("Auth:LockoutAfter", "3"));
        using var thief = strict.CreateClient();
        thief.DefaultRequestHeaders.Authorization = user.Client.DefaultRequestHeaders.Authorization;
        for (var i = 0; i < 3; i++) await thief.PutAsJsonAsync("/api/user/password", new { currentPassword = "guess", newPassword = NewPassword });
        await (await thief.PutAsJsonAsync("/api/user/password", new { currentPassword = ApiFactory.Password, newPassword = NewPassword })).ShouldBeErrorAsync(403, "ACCOUNT_LOCKED");
    }

    [Fact]
    public async Task An_account_of_a_provider_gets_a_password_shortly_after_signing_in()
    {
        var person = IdentityFactory.NewPerson();
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("github", person);
        (await browser.SendAsync(HttpMethod.Put, "/api/user/password", new { newPassword = NewPassword })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var client = Stateless();
        (await LogInAsync(client, person.Email!, NewPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_of_a_provider_that_is_not_fresh_proves_nothing()
    {
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("github", IdentityFactory.NewPerson());
        api.Time.Advance(TimeSpan.FromMinutes(11));
        var error = await (await browser.SendAsync(HttpMethod.Put, "/api/user/password", new { newPassword = NewPassword })).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        error.GetProperty("details").GetProperty("methods")[0].GetString().ShouldBe("sign_in_again");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_address_moves_once_the_new_one_is_proven(bool byLink)
    {
        var user = await api.SignUpAsync();
        var email = NewEmail();
        (await (await ChangeEmailAsync(user, email)).ReadJsonAsync()).GetProperty("expiresIn").GetInt32().ShouldBe(900);
        (await api.WaitForMailAsync(user.Email, $"asked to move it to {email}")).ShouldNotBeEmpty();
        var profile = await (await user.Client.GetAsync("/api/user/profile")).ReadJsonAsync();
        profile.GetProperty("email").GetString().ShouldBe(user.Email);
        profile.GetProperty("pendingEmail").GetString().ShouldBe(email);
        var mail = await api.WaitForMailAsync(email, "is to be moved to this address");

        using var anybody = Stateless();
        var answer = byLink
            ? await anybody.PostAsJsonAsync("/api/user/email/confirm", new { token = MailFolder.Token(mail) })
            : await user.Client.PostAsJsonAsync("/api/user/email/confirm", new { code = Code().Match(mail).Value.Trim() });

        (await answer.ReadJsonAsync()).GetProperty("email").GetString().ShouldBe(email);
        (await LogInAsync(anybody, email, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await LogInAsync(anybody, user.Email, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        await (await anybody.PostAsJsonAsync("/api/user/email/confirm", new { token = MailFolder.Token(mail) })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
    }

    [Fact]
    public async Task The_owner_of_the_old_address_takes_a_change_back()
    {
        var user = await api.SignUpAsync();
        var email = NewEmail();
        await ChangeEmailAsync(user, email);
        using var client = Stateless();
        await client.PostAsJsonAsync("/api/user/email/confirm", new { token = MailFolder.Token(await api.WaitForMailAsync(email, "is to be moved")) });
        // The thief also turns on a second factor, to stay.
        await Authenticator.TurnOnAsync(api, user.Client);
        var undo = MailFolder.Token(await api.WaitForMailAsync(user.Email, "was moved to"));

        (await (await client.PostAsJsonAsync("/api/user/email/undo", new { token = undo })).ReadJsonAsync()).GetProperty("email").GetString().ShouldBe(user.Email);

        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        (await (await LogInAsync(client, user.Email, ApiFactory.Password)).ReadJsonAsync()).TryGetProperty("accessToken", out _).ShouldBeTrue();
        await (await client.PostAsJsonAsync("/api/user/email/undo", new { token = undo })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
    }

    [Fact]
    public async Task An_address_that_was_never_proven_gets_no_way_back()
    {
        var user = await api.SignUpAsync(verified: false);
        var email = NewEmail();
        await ChangeEmailAsync(user, email);
        await user.Client.PostAsJsonAsync("/api/user/email/confirm", new { token = MailFolder.Token(await api.WaitForMailAsync(email, "is to be moved")) });
        await using var database = api.CreateContext();
        var change = await database.EmailChanges.SingleAsync(row => row.UserId == user.Id);
        change.ConfirmedAt.ShouldNotBeNull();
        change.UndoTokenHash.ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_that_want_one_address_one_gets_it()
    {
        var users = new[] { await api.SignUpAsync(), await api.SignUpAsync() };
        var email = NewEmail();
        foreach (var user in users) (await ChangeEmailAsync(user, email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Platform.Testing.Eventually.TrueAsync(() => api.MailsTo(email).Count == 2);
        var tokens = api.MailsTo(email).Select(MailFolder.Token).ToList();

        using var client = Stateless();
        var answers = await Task.WhenAll(tokens.Select(token => client.PostAsJsonAsync("/api/user/email/confirm", new { token })));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        await answers.Single(answer => answer.StatusCode != HttpStatusCode.OK).ShouldBeErrorAsync(409, "EMAIL_TAKEN");
        await (await ChangeEmailAsync(await api.SignUpAsync(), email)).ShouldBeErrorAsync(409, "EMAIL_TAKEN");
    }

    [Fact]
    public async Task A_code_is_guessed_five_times()
    {
        var user = await api.SignUpAsync();
        var email = NewEmail();
        await ChangeEmailAsync(user, email);
        var code = Code().Match(await api.WaitForMailAsync(email, "is to be moved")).Value.Trim();
        for (var i = 0; i < 5; i++)
            await (await user.Client.PostAsJsonAsync("/api/user/email/confirm", new { code = "x" + i })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
        await (await user.Client.PostAsJsonAsync("/api/user/email/confirm", new { code })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
    }

    [Fact]
    public async Task A_changed_password_ends_the_wish_for_another_address()
    {
        var user = await api.SignUpAsync();
        var email = NewEmail();
        await ChangeEmailAsync(user, email);
        var token = MailFolder.Token(await api.WaitForMailAsync(email, "is to be moved"));
        await ChangePasswordAsync(user, ApiFactory.Password);
        await (await user.Client.PostAsJsonAsync("/api/user/email/confirm", new { token })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
    }

    [Fact]
    public async Task Changing_the_address_needs_the_password_and_ends_after_a_quarter_of_an_hour()
    {
        var user = await api.SignUpAsync();
        await (await user.Client.PutAsJsonAsync("/api/user/email", new { email = NewEmail() })).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        await (await user.Client.PutAsJsonAsync("/api/user/email", new { email = "nonsense", password = ApiFactory.Password })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        await (await user.Client.PutAsJsonAsync("/api/user/email", new { email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        using var client = Stateless();
        await (await client.PostAsJsonAsync("/api/user/email/confirm", new { code = "12345678" })).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await (await client.PostAsJsonAsync("/api/user/email/confirm", new { })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        var email = NewEmail();
        await ChangeEmailAsync(user, email);
        var token = MailFolder.Token(await api.WaitForMailAsync(email, "is to be moved"));
        api.Time.Advance(TimeSpan.FromMinutes(16));
        await (await client.PostAsJsonAsync("/api/user/email/confirm", new { token })).ShouldBeErrorAsync(401, "INVALID_EMAIL_TOKEN");
    }

    private static Task<HttpResponseMessage> ChangePasswordAsync(ApiUser user, string? current) =>
        user.Client.PutAsJsonAsync("/api/user/password", new { currentPassword = current, newPassword = NewPassword });

    private static Task<HttpResponseMessage> ChangeEmailAsync(ApiUser user, string email) =>
        user.Client.PutAsJsonAsync("/api/user/email", new { email, password = ApiFactory.Password });

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email, password });

    private static string NewEmail() => $"{Guid.NewGuid():N}@example.net";

    private HttpClient Stateless() => api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });

    [GeneratedRegex(@"(?m)^\s*\d{8}\s*$", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
