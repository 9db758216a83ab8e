using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Recovery;
using Platform.Api.Tests.Mail;
using Platform.Testing;

namespace Platform.Api.Tests.Auth;

/// <summary>The activation mail: a link and a code, for a quarter of an hour, once.</summary>
[Trait("Category", "Integration")]
public sealed class VerificationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Subject = "Confirm your email address";

    [Fact]
    public async Task The_link_proves_the_address_in_whatever_browser_it_is_opened()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, Subject);
        mail.Link!.ShouldStartWith(ApiFactory.Frontend + "/verify-email#token=");
        (await IsVerifiedAsync(user)).ShouldBeFalse();

        using var other = api.CreateClient();
        var body = await (await VerifyAsync(other, new { token = mail.Token() })).ReadJsonAsync();

        body.GetProperty("emailVerified").GetBoolean().ShouldBeTrue();
        (await IsVerifiedAsync(user)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_code_proves_the_address_too_however_that_is_written()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, Subject);
        mail.Code!.ShouldMatch("^[0-9]{6}$");
        using var client = api.CreateClient();
        (await VerifyAsync(client, new { email = user.Email.ToUpperInvariant(), code = mail.Code })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await IsVerifiedAsync(user)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_works_once_also_for_two_at_the_same_moment()
    {
        var user = await api.SignUpAsync(verified: false);
        var token = (await api.WaitForMailAsync(user.Email, Subject)).Token();
        using var client = api.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => VerifyAsync(client, new { token })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        await (await VerifyAsync(client, new { token })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
    }

    [Fact]
    public async Task Link_and_code_end_after_a_quarter_of_an_hour()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, Subject);
        api.Time.Advance(TimeSpan.FromMinutes(16));
        using var client = api.CreateClient();
        await (await VerifyAsync(client, new { token = mail.Token() })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
        await (await VerifyAsync(client, new { email = user.Email, code = mail.Code })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
    }

    [Fact]
    public async Task A_code_can_be_guessed_five_times_and_no_more_however_fast()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, Subject);
        var wrong = mail.Code == "000000" ? "000001" : "000000";
        using var client = api.CreateClient();
        await Task.WhenAll(Enumerable.Range(0, MailedTokens.MaxAttempts).Select(_ => VerifyAsync(client, new { email = user.Email, code = wrong })));

        await (await VerifyAsync(client, new { email = user.Email, code = mail.Code })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
        // The link is not guessed, so it still works.
        (await VerifyAsync(client, new { token = mail.Token() })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_of_somebody_else_proves_nothing()
    {
        var user = await api.SignUpAsync(verified: false);
        var other = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(other.Email, Subject);
        using var client = api.CreateClient();
        await (await VerifyAsync(client, new { email = user.Email, code = mail.Code })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
        await (await VerifyAsync(client, new { email = "nobody@example.com", code = mail.Code })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
    }

    [Fact]
    public async Task The_mail_comes_again_when_asked_for_and_its_code_replaces_the_first()
    {
        var user = await api.SignUpAsync(verified: false);
        var first = await api.WaitForMailAsync(user.Email, Subject);
        using var client = api.CreateClient();
        (await ResendAsync(client, user.Email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var second = await api.WaitForMailAsync(user.Email, Subject, count: 2);

        second.Token().ShouldNotBe(first.Token());
        if (first.Code != second.Code) await (await VerifyAsync(client, new { email = user.Email, code = first.Code })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
        (await VerifyAsync(client, new { email = user.Email, code = second.Code })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // What else was mailed is worth nothing any more.
        await (await VerifyAsync(client, new { token = first.Token() })).ShouldBeErrorAsync(400, "INVALID_VERIFICATION");
    }

    [Fact]
    public async Task Nobody_can_have_a_mailbox_flooded_and_unknown_addresses_get_the_same_answer_and_no_mail()
    {
        var user = await api.SignUpAsync(verified: false);
        var verified = await api.SignUpAsync();
        using var client = api.CreateClient();
        var known = await ResendAsync(client, user.Email);
        var unknown = await ResendAsync(client, $"{Guid.NewGuid():N}@example.com");
        var done = await ResendAsync(client, verified.Email);
        var text = await known.Content.ReadAsStringAsync();
        (await unknown.Content.ReadAsStringAsync()).ShouldBe(text);
        (await done.Content.ReadAsStringAsync()).ShouldBe(text);
        for (var i = 0; i < 8; i++) (await ResendAsync(client, user.Email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.TrueAsync(async () =>
        {
            await using var database = api.CreateContext();
            return !await database.Mails.AnyAsync(mail => mail.SentAt == null);
        });
        (await api.ReadMailsAsync(user.Email)).Count.ShouldBe(MailedTokens.MaxPerHour);
        (await api.ReadMailsAsync(verified.Email)).Count.ShouldBe(1, "the one of the sign-up");
    }

    [Fact]
    public async Task Signing_up_again_with_an_address_that_is_not_proven_is_refused()
    {
        var user = await api.SignUpAsync(verified: false);
        using var client = api.CreateClient();
        await (await client.PostAsJsonAsync("/api/auth/signup", new { name = "Again", email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(409, "EMAIL_TAKEN");
        (await api.ReadMailsAsync(user.Email)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Neither_token_nor_code_is_stored_as_it_is()
    {
        var user = await api.SignUpAsync(verified: false);
        var mail = await api.WaitForMailAsync(user.Email, Subject);
        await using var database = api.CreateContext();
        var token = await database.AccountTokens.SingleAsync(row => row.UserId == user.Id);
        token.TokenHash.ShouldNotContain(mail.Token());
        token.CodeHash!.ShouldNotContain(mail.Code!);
        (await database.Mails.Select(row => row.Content).ToListAsync()).ShouldAllBe(content => !content.Contains(mail.Token()) && !content.Contains(user.Email));
    }

    [Fact]
    public async Task Who_has_not_proven_an_address_can_look_around_but_not_deploy()
    {
        var user = await api.SignUpAsync(verified: false);
        (await user.Client.GetAsync("/api/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var deployment = new { repository = "sample:plain-html", branch = "main" };
        await (await user.Client.PostAsJsonAsync("/api/deployments", deployment)).ShouldBeErrorAsync(403, "EMAIL_NOT_VERIFIED");

        using var client = api.CreateClient();
        await VerifyAsync(client, new { token = (await api.WaitForMailAsync(user.Email, Subject)).Token() });
        (await user.Client.PostAsJsonAsync("/api/deployments", deployment)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"email":"a@example.com"}""")]
    [InlineData("""{"code":"123456"}""")]
    [InlineData("""{"token":""}""")]
    public async Task Half_a_proof_is_not_valid(string json)
    {
        using var client = api.CreateClient();
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        await (await client.PostAsync("/api/auth/verify-email", content)).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task The_configured_address_administers_once_it_is_proven_and_nobody_else()
    {
        await using var fresh = new ApiFactory();
        await ((IAsyncLifetime)fresh).InitializeAsync();
        try
        {
            await using var configured = fresh.With(("Auth:AdminEmail", "Chief@Example.com"));
            using var client = configured.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
            foreach (var email in new[] { "first@example.com", "chief@example.com" })
                (await client.PostAsJsonAsync("/api/auth/signup", new { name = "Person", email, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.Created);
            (await RoleAsync(client, "chief@example.com")).ShouldBe("user", "anybody can sign up with an address");

            await VerifyAsync(client, new { token = (await configured.WaitForMailAsync("first@example.com", Subject)).Token() });
            await VerifyAsync(client, new { token = (await configured.WaitForMailAsync("chief@example.com", Subject)).Token() });

            (await RoleAsync(client, "first@example.com")).ShouldBe("user");
            (await RoleAsync(client, "chief@example.com")).ShouldBe("admin");
        }
        finally
        {
            await ((IAsyncLifetime)fresh).DisposeAsync();
        }
    }

    private static async Task<string?> RoleAsync(HttpClient client, string email) =>
        (await (await client.PostAsJsonAsync("/api/auth/login", new { email, password = ApiFactory.Password })).ReadJsonAsync())
        .GetProperty("user").GetProperty("role").GetString();

    private static async Task<bool> IsVerifiedAsync(ApiUser user) =>
        (await (await user.Client.GetAsync("/api/auth/session")).ReadJsonAsync()).GetProperty("user").GetProperty("emailVerified").GetBoolean();

    private static Task<HttpResponseMessage> VerifyAsync(HttpClient client, object body) => client.PostAsJsonAsync("/api/auth/verify-email", body);

    private static Task<HttpResponseMessage> ResendAsync(HttpClient client, string email) => client.PostAsJsonAsync("/api/auth/resend-verification", new { email });
}
