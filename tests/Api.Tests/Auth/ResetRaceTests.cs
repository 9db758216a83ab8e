using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Tests.Mail;
using Platform.Api.Tests.SecondFactor;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Auth;

/// <summary>The old password is used while its owner sets a new one: whoever comes second finds that it is worth nothing any more.</summary>
[Trait("Category", "Integration")]
public sealed class ResetRaceTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string NewPassword = "another quiet lamp";

    [Fact]
    public async Task A_sign_in_with_the_old_password_is_refused()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var answer = await ResetDuringAsync(user, () => LogInAsync(client, user));

        await answer.ShouldBeErrorAsync(401, "INVALID_CREDENTIALS");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        await ShouldHaveNoSessionAsync(user);
        await using var database = api.CreateContext();
        (await database.AuditEvents.SingleAsync(row => row.ActorId == user.Id && row.Action == "session.refused")).Details.ShouldContain("changed");
    }

    [Fact]
    public async Task The_second_step_after_the_old_password_is_refused()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = api.CreateClient();
        var challenge = (await (await LogInAsync(client, user)).ReadJsonAsync()).GetProperty("twoFactorToken").GetString();
        var answer = await ResetDuringAsync(
            user, () => client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = challenge, code = app.FreshCode() }));

        await answer.ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");
        await ShouldHaveNoSessionAsync(user);
    }

    [Fact]
    public async Task A_login_at_a_provider_is_not_connected_by_the_old_password()
    {
        var user = await api.SignUpAsync();
        var token = OpaqueToken.Create();
        await using (var database = api.CreateContext())
        {
            database.PendingLogins.Add(new PendingLogin
            {
                Id = Guid.CreateVersion7(),
                UserId = user.Id,
                Provider = "google",
                ProviderKey = Guid.NewGuid().ToString(),
                Email = user.Email,
                Name = "Somebody",
                TokenHash = OpaqueToken.Hash(token),
                MailTokenHash = OpaqueToken.Hash(OpaqueToken.Create()),
                ExpiresAt = api.Time.GetUtcNow().AddMinutes(5),
                CreatedAt = api.Time.GetUtcNow(),
            });
            await database.SaveChangesAsync();
        }

        using var client = api.CreateClient();
        var answer = await ResetDuringAsync(user, () => client.PostAsJsonAsync("/api/auth/link", new { token, password = ApiFactory.Password }));

        await answer.ShouldBeErrorAsync(401, "INVALID_LINK_TOKEN");
        await ShouldHaveNoSessionAsync(user);
        await using var after = api.CreateContext();
        (await after.UserLogins.CountAsync(row => row.UserId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task The_old_password_sets_no_other_one()
    {
        var user = await api.SignUpAsync();
        var answer = await ResetDuringAsync(
            user, () => user.Client.PutAsJsonAsync("/api/user/password", new { currentPassword = ApiFactory.Password, newPassword = "a third quiet lamp" }));

        await answer.ShouldBeErrorAsync(401, "UNAUTHORIZED");
        using var client = api.CreateClient();
        (await LogInAsync(client, user, NewPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_old_password_moves_the_account_to_no_other_address()
    {
        var user = await api.SignUpAsync();
        var answer = await ResetDuringAsync(
            user, () => user.Client.PutAsJsonAsync("/api/user/email", new { email = $"{Guid.NewGuid():N}@example.net", password = ApiFactory.Password }));

        await answer.ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await using var database = api.CreateContext();
        (await database.EmailChanges.CountAsync(row => row.UserId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_session_that_is_ended_shuts_the_owner_out_by_no_second_factor()
    {
        var user = await api.SignUpAsync();
        var setup = await (await user.Client.PostAsJsonAsync("/api/auth/2fa/setup", new { password = ApiFactory.Password })).ReadJsonAsync();
        var app = new Authenticator(api, Authenticator.Decode(setup.GetProperty("secret").GetString()!), []);
        var answer = await ResetDuringAsync(user, () => user.Client.PostAsJsonAsync("/api/auth/2fa/enable", new { code = app.Code() }));

        await answer.ShouldBeErrorAsync(401, "UNAUTHORIZED");
        using var client = api.CreateClient();
        (await (await LogInAsync(client, user, NewPassword)).ReadJsonAsync()).TryGetProperty("accessToken", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_that_is_ended_makes_no_api_token()
    {
        var user = await api.SignUpAsync();
        var answer = await ResetDuringAsync(user, () => user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "late", scopes = new[] { "execute" } }));

        await answer.ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await using var database = api.CreateContext();
        (await database.ApiTokens.CountAsync(row => row.UserId == user.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_sign_in_that_waits_for_its_second_step_ends_with_the_password()
    {
        var user = await api.SignUpAsync();
        var app = await Authenticator.TurnOnAsync(api, user.Client);
        using var client = api.CreateClient();
        var challenge = (await (await LogInAsync(client, user)).ReadJsonAsync()).GetProperty("twoFactorToken").GetString();
        (await client.PostAsJsonAsync("/api/auth/forgot-password", new { email = user.Email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var token = (await api.WaitForMailAsync(user.Email, "Set a new password")).Token();
        (await client.PostAsJsonAsync("/api/auth/reset-password", new { token, password = NewPassword })).StatusCode.ShouldBe(HttpStatusCode.OK);

        await (await client.PostAsJsonAsync("/api/auth/2fa/verify", new { twoFactorToken = challenge, code = app.FreshCode() })).ShouldBeErrorAsync(401, "INVALID_TWO_FACTOR_TOKEN");
    }

    /// <summary>Both write the raised cost; the one that comes second is signed in all the same.</summary>
    [Fact]
    public async Task Sign_ins_at_once_that_hash_anew_all_succeed()
    {
        var user = await api.SignUpAsync();
        var cheap = Hash(ApiFactory.Password, rounds: 1000);
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.PasswordHash, cheap));
        using var client = api.CreateClient();
        var answer = await api.ChangeDuringAsync(
            // Another sign-in has just hashed the same password anew.
            database => HeldAccount.ResetAsync(database, user.Id, Hash(ApiFactory.Password, rounds: 210_000), api.Time.GetUtcNow()), () => LogInAsync(client, user));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> ResetDuringAsync(ApiUser user, Func<Task<HttpResponseMessage>> request) =>
        api.ChangeDuringAsync(database => HeldAccount.ResetAsync(database, user.Id, Hash(NewPassword, 210_000), api.Time.GetUtcNow()), request);

    private async Task ShouldHaveNoSessionAsync(ApiUser user)
    {
        await using var database = api.CreateContext();
        (await database.Sessions.CountAsync(row => row.UserId == user.Id && row.RevokedAt == null)).ShouldBe(0);
    }

    private static string Hash(string password, int rounds) =>
        new PasswordHasher<PlatformUser>(Options.Create(new PasswordHasherOptions { IterationCount = rounds })).HashPassword(new PlatformUser { Name = "" }, password);

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, ApiUser user, string password = ApiFactory.Password) =>
        client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password });
}
