using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Tests.OAuth;
using Platform.Api.Tests.Users;

namespace Platform.Api.Tests.SecondFactor;

[Trait("Category", "Integration")]
public sealed class TwoFactorTests(IdentityFactory api) : IClassFixture<IdentityFactory>
{
    [Fact]
    public async Task Signing_in_takes_two_steps_once_it_is_on()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();

        var first = await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password });
        var challenge = await first.ReadJsonAsync();
        challenge.GetProperty("twoFactorRequired").GetBoolean().ShouldBeTrue();
        challenge.GetProperty("methods").EnumerateArray().Select(each => each.GetString()).ShouldBe(["totp", "recovery_code"]);
        challenge.TryGetProperty("accessToken", out _).ShouldBeFalse();
        first.Headers.Contains("Set-Cookie").ShouldBeFalse();

        var second = await VerifyAsync(client, challenge, app.FreshCode());
        (await second.ReadJsonAsync()).GetProperty("user").GetProperty("id").GetGuid().ShouldBe(user.Id);
        second.Headers.GetValues("Set-Cookie").Count().ShouldBe(2);
        (await api.WaitForMailAsync(user.Email, "needs a code of your authenticator app")).ShouldNotBeEmpty();
        (await StatusAsync(user)).ShouldBe((true, 10));
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();

        // The one that turned it on is spent as well.
        await (await VerifyAsync(client, await BeginAsync(client, user), app.SpentCode)).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_CODE");
        var code = app.FreshCode();
        var challenges = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BeginAsync(client, user)));
        var answers = await Task.WhenAll(challenges.Select(challenge => VerifyAsync(client, challenge, code)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(3);
        // Nor is an earlier one that nobody has seen, once a later one was taken.
        await (await VerifyAsync(client, await BeginAsync(client, user), app.Code(-1))).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_CODE");
    }

    [Fact]
    public async Task A_challenge_is_good_once_and_for_five_attempts_and_for_five_minutes()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();

        var used = await BeginAsync(client, user);
        (await VerifyAsync(client, used, app.FreshCode())).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await VerifyAsync(client, used, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");

        var guessed = await BeginAsync(client, user);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => VerifyAsync(client, guessed, "000000")));
        var codes = await Task.WhenAll(guesses.Select(async guess => (await guess.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString()));
        codes.Count(code => code == "INVALID_TWO_FACTOR_CODE").ShouldBe(5);
        await (await VerifyAsync(client, guessed, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");

        var old = await BeginAsync(client, user);
        api.Time.Advance(TimeSpan.FromMinutes(6));
        await (await VerifyAsync(client, old, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");
        using var forged = JsonDocument.Parse("""{"twoFactorToken":"forged"}""");
        await (await VerifyAsync(client, forged.RootElement, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");
    }

    [Fact]
    public async Task A_challenge_is_no_token_for_anything_else()
    {
        var user = await api.SignUpAsync();
        await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();
        var token = (await BeginAsync(client, user)).GetProperty("twoFactorToken").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await (await client.GetAsync("/api/auth/session")).ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await (await client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = token })).ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
    }

    [Fact]
    public async Task A_recovery_code_opens_once()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();
        app.RecoveryCodes.Distinct().Count().ShouldBe(10);
        await using (var database = api.CreateContext())
            (await database.RecoveryCodes.Where(row => row.UserId == user.Id).Select(row => row.Hash).ToListAsync()).ShouldAllBe(hash => hash.Length == 64 && !app.RecoveryCodes.Contains(hash));

        // As people type it.
        var typed = $" {app.RecoveryCodes[0].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()} ";
        var challenges = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => BeginAsync(client, user)));
        var answers = await Task.WhenAll(challenges.Select(challenge => VerifyAsync(client, challenge, typed)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await StatusAsync(user)).ShouldBe((true, 9));
        (await api.WaitForMailAsync(user.Email, "9 are left")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task New_recovery_codes_void_the_old_ones()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/recovery-codes", new { })).ShouldBeErrorAsync(403, "PROOF_REQUIRED");

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => user.Client.PostAsJsonAsync("/api/auth/2fa/recovery-codes", new { password = ApiFactory.Password })));

        foreach (var answer in answers) answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(user)).ShouldBe((true, 10));
        await (await VerifyAsync(client, await BeginAsync(client, user), app.RecoveryCodes[0])).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_CODE");
    }

    [Fact]
    public async Task Turning_it_off_needs_the_password_or_a_code()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        var error = await (await user.Client.PostAsync("/api/auth/2fa/disable", null)).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        error.GetProperty("details").GetProperty("methods").EnumerateArray().Select(each => each.GetString()).ShouldBe(["password", "code"]);
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/disable", new { password = "wrong" })).ShouldBeErrorAsync(403, "WRONG_PASSWORD");
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/disable", new { code = app.SpentCode })).ShouldBeErrorAsync(403, "WRONG_CODE");

        (await user.Client.PostAsJsonAsync("/api/auth/2fa/disable", new { code = app.FreshCode() })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(user)).ShouldBe((false, 0));
        using var client = Stateless();
        (await BeginAsync(client, user)).TryGetProperty("accessToken", out _).ShouldBeTrue();
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/disable", new { password = ApiFactory.Password })).ShouldBeErrorAsync(409, "TWO_FACTOR_NOT_ENABLED");
        (await api.WaitForMailAsync(user.Email, "needs no code any more")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task It_is_set_up_by_who_knows_the_password_and_counts_after_a_right_code()
    {
        var user = await api.SignUpAsync();
        await (await user.Client.PostAsync("/api/auth/2fa/setup", null)).ShouldBeErrorAsync(403, "PROOF_REQUIRED");
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code = "123456" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        var setup = await (await user.Client.PostAsJsonAsync("/api/auth/2fa/setup", new { password = ApiFactory.Password })).ReadJsonAsync();

        var secret = setup.GetProperty("secret").GetString()!;
        secret.Length.ShouldBe(32);
        setup.GetProperty("otpauthUri").GetString().ShouldBe($"otpauth://totp/Autostack:{Uri.EscapeDataString(user.Email)}?secret={secret}&issuer=Autostack");
        XDocument.Parse(setup.GetProperty("qrCode").GetString()!).Root!.Name.LocalName.ShouldBe("svg");
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code = "000000" })).ShouldBeErrorAsync(422, "VALIDATION_ERROR");
        (await StatusAsync(user)).ShouldBe((false, 0));
        using var client = Stateless();
        (await BeginAsync(client, user)).TryGetProperty("accessToken", out _).ShouldBeTrue();
        await using var database = api.CreateContext();
        (await database.TwoFactors.SingleAsync(row => row.UserId == user.Id)).Secret.ShouldNotContain(secret);
    }

    [Fact]
    public async Task Who_has_it_on_cannot_set_it_up_again()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/setup", new { password = ApiFactory.Password })).ShouldBeErrorAsync(409, "TWO_FACTOR_ENABLED");
        await (await user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code = app.FreshCode() })).ShouldBeErrorAsync(409, "TWO_FACTOR_ENABLED");
    }

    [Fact]
    public async Task Of_two_that_turn_it_on_at_once_one_gets_the_recovery_codes()
    {
        var user = await api.SignUpAsync();
        var setup = await (await user.Client.PostAsJsonAsync("/api/auth/2fa/setup", new { password = ApiFactory.Password })).ReadJsonAsync();
        var code = Api.Auth.SecondFactor.Totp.Compute(Authenticator.Decode(setup.GetProperty("secret").GetString()!), Api.Auth.SecondFactor.Totp.StepAt(api.Time.GetUtcNow()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await StatusAsync(user)).ShouldBe((true, 10));
    }

    [Fact]
    public async Task Remember_me_is_what_the_first_step_said()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = Stateless();
        var challenge = await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password, rememberMe = true })).ReadJsonAsync();
        var answer = await VerifyAsync(client, challenge, app.FreshCode());
        answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("max-age", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_although_the_password_is_right_each_time()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        await using var strict = api.With(("Auth:LockoutAfter", "3"), ("Auth:LockoutTime", "00:05:00"));
        using var client = strict.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var waiting = await BeginAsync(client, user);
        for (var i = 0; i < 3; i++) await VerifyAsync(client, await BeginAsync(client, user), "000000");

        await (await VerifyAsync(client, waiting, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_CODE");
        await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        api.Time.Advance(TimeSpan.FromMinutes(6));
        (await VerifyAsync(client, await BeginAsync(client, user), app.FreshCode())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_changed_password_ends_a_sign_in_that_waits_for_its_second_step()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var thief = Stateless();
        var challenge = await BeginAsync(thief, user);
        (await user.Client.PutAsJsonAsync("/api/user/password", new { currentPassword = ApiFactory.Password, newPassword = "another quiet lamp" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await VerifyAsync(thief, challenge, app.FreshCode())).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");
    }

    [Fact]
    public async Task An_account_without_a_password_has_it_too_and_the_provider_does_not_go_around_it()
    {
        var person = IdentityFactory.NewPerson();
        using var browser = api.CreateBrowser();
        await browser.SignInAsync("google", person);
        using var bearer = Stateless();
        var setup = await (await browser.SendAsync(HttpMethod.Post, "/api/auth/2fa/setup")).ReadJsonAsync();
        var secret = Authenticator.Decode(setup.GetProperty("secret").GetString()!);
        var app = new Authenticator(api, secret, []);
        (await browser.SendAsync(HttpMethod.Post, "/api/auth/2fa/enable", new { code = app.Code() })).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var again = api.CreateBrowser();
        var page = await again.SignInAsync("google", person, "?returnUrl=/deploy");

        page.Page().ShouldBe(ApiFactory.Frontend + "/login");
        page.Fragment("returnUrl").ShouldBe(ApiFactory.Frontend + "/deploy");
        (await again.IsSignedInAsync()).ShouldBeFalse();
        var answer = await again.Client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = page.Fragment("twoFactorToken"), code = app.FreshCode() });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Guessing_is_limited_like_passwords()
    {
        await using var strict = api.With(("RateLimits:Auth:PermitLimit", "3"));
        using var client = strict.CreateClient();
        await api.ForgetCountsAsync();
        for (var i = 0; i < 3; i++) await client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = "x", code = "000000" });
        await (await client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = "x", code = "000000" })).ShouldBeErrorAsync(429, "RATE_LIMIT_EXCEEDED");
    }

    [Theory]
    [InlineData("""{"twoFactorToken":null,"code":"123456"}""")]
    [InlineData("""{"twoFactorToken":"x","code":""}""")]
    [InlineData("{}")]
    public async Task A_question_without_its_parts_is_refused(string body)
    {
        using var client = Stateless();
        var answer = await client.PostAsync("/api/auth/2fa/verify", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        await answer.ShouldBeErrorAsync(422, "VALIDATION_ERROR");
    }

    private static async Task<(bool Enabled, int Left)> StatusAsync(ApiUser user)
    {
        var status = await (await user.Client.GetAsync("/api/auth/2fa")).ReadJsonAsync();
        return (status.GetProperty("enabled").GetBoolean(), status.GetProperty("recoveryCodesLeft").GetInt32());
    }

    private static async Task<JsonElement> BeginAsync(HttpClient client, ApiUser user) =>
        await (await client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).ReadJsonAsync();

    private static Task<HttpResponseMessage> VerifyAsync(HttpClient client, JsonElement challenge, string code) =>
        client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = challenge.GetProperty("twoFactorToken").GetString(), code });

    private HttpClient Stateless() => api.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
}
