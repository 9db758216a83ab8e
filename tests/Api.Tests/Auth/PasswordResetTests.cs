using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Errors;
using Platform.Api.Tests.Mail;
using Platform.Testing;

namespace Platform.Api.Tests.Auth;

[Trait("Category", "Integration")]
public sealed class PasswordResetTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Subject = "Set a new password";
    private const string NewPassword = "another quiet lamp";

    [Fact]
    public async Task A_new_password_ends_all_sessions_and_is_told_by_mail()
    {
        var user = await api.SignUpAsync(verified: false);
        using var client = api.CreateClient();
        var mail = await ForgetAsync(client, user.Email);
        mail.Link!.ShouldStartWith(ApiFactory.Frontend + "/reset-password#token=");
        mail.Code.ShouldBeNull();

        (await ResetAsync(client, mail.Token())).StatusCode.ShouldBe(HttpStatusCode.OK);

        await (await user.Client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, ErrorCodes.Unauthorized);
        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
        await (await LogInAsync(client, user.Email, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        var signedIn = await (await LogInAsync(client, user.Email, NewPassword)).ReadJsonAsync();
        signedIn.GetProperty("user").GetProperty("emailVerified").GetBoolean().ShouldBeTrue("the mail was read");
        await api.WaitForMailAsync(user.Email, "Your password was changed");
        await using var database = api.CreateContext();
        (await database.AuditEvents.CountAsync(entry => entry.ActorId == user.Id && entry.Action == "account.password_reset")).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_works_once_also_for_two_at_the_same_moment()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var token = (await ForgetAsync(client, user.Email)).Token();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ResetAsync(client, token)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        await (await ResetAsync(client, token)).ShouldBeErrorAsync(400, "INVALID_RESET_TOKEN");
    }

    [Fact]
    public async Task A_used_link_takes_the_others_with_it()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var first = (await ForgetAsync(client, user.Email)).Token();
        var second = (await ForgetAsync(client, user.Email, count: 2)).Token();
        (await ResetAsync(client, second)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await ResetAsync(client, first)).ShouldBeErrorAsync(400, "INVALID_RESET_TOKEN");
    }

    [Fact]
    public async Task A_link_ends_after_half_an_hour()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var token = (await ForgetAsync(client, user.Email)).Token();
        api.Time.Advance(TimeSpan.FromMinutes(31));
        await (await ResetAsync(client, token)).ShouldBeErrorAsync(400, "INVALID_RESET_TOKEN");
        (await LogInAsync(client, user.Email, ApiFactory.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_link_to_an_address_that_the_account_no_longer_has_is_worth_nothing()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var token = (await ForgetAsync(client, user.Email)).Token();
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Email, $"{Guid.NewGuid():N}@example.com"));
        await (await ResetAsync(client, token)).ShouldBeErrorAsync(400, "INVALID_RESET_TOKEN");
    }

    [Fact]
    public async Task An_activation_link_sets_no_password()
    {
        var user = await api.SignUpAsync(verified: false);
        using var client = api.CreateClient();
        var token = (await api.WaitForMailAsync(user.Email, "Confirm your email address")).Token();
        await (await ResetAsync(client, token)).ShouldBeErrorAsync(400, "INVALID_RESET_TOKEN");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("password123")]
    [InlineData("test person")]
    public async Task A_bad_password_is_refused_and_the_link_still_works(string password)
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var token = (await ForgetAsync(client, user.Email)).Token();
        var error = await (await client.PostAsJsonAsync("/api/auth/reset-password", new { token, password })).ShouldBeErrorAsync(422, ErrorCodes.ValidationError);
        error.GetProperty("details").TryGetProperty("password", out _).ShouldBeTrue();
        (await ResetAsync(client, token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Known_unknown_and_closed_accounts_get_the_same_answer_and_only_the_known_a_mail()
    {
        var user = await api.SignUpAsync();
        var closed = await api.SignUpAsync();
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == closed.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, api.Time.GetUtcNow()));
        using var client = api.CreateClient();
        var texts = new List<string>();
        foreach (var email in new[] { closed.Email, "nobody@example.com", user.Email })
        {
            var answer = await client.PostAsJsonAsync("/api/auth/forgot-password", new { email });
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            texts.Add(await answer.Content.ReadAsStringAsync());
        }

        texts.Distinct().Count().ShouldBe(1);
        await api.WaitForMailAsync(user.Email, Subject);
        await Eventually.TrueAsync(async () =>
        {
            await using var database = api.CreateContext();
            return !await database.Mails.AnyAsync(mail => mail.SentAt == null);
        });
        (await api.ReadMailsAsync(closed.Email)).ShouldNotContain(mail => mail.Subject == Subject);
    }

    [Fact]
    public async Task A_lock_ends_with_a_new_password()
    {
        var user = await api.SignUpAsync();
        await using var strict = api.With(("Auth:LockoutAfter", "3"));
        using var client = strict.CreateClient();
        for (var i = 0; i < 3; i++) await LogInAsync(client, user.Email, "not the password");
        await (await LogInAsync(client, user.Email, ApiFactory.Password)).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        (await ResetAsync(client, (await ForgetAsync(client, user.Email)).Token())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await LogInAsync(client, user.Email, NewPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<Platform.Api.Mail.Outbox.OutboxMailResponse> ForgetAsync(HttpClient client, string email, int count = 1)
    {
        (await client.PostAsJsonAsync("/api/auth/forgot-password", new { email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return await api.WaitForMailAsync(email, Subject, count);
    }

    private static Task<HttpResponseMessage> ResetAsync(HttpClient client, string token) =>
        client.PostAsJsonAsync("/api/auth/reset-password", new { token, password = NewPassword });

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email, password });
}
