using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;

namespace Platform.Api.Tests.Auth;

/// <summary>An account is being closed while somebody signs in to it: the statements of closing it are held open around the request.</summary>
[Trait("Category", "Integration")]
public sealed class ClosedAccountRaceTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_sign_in_waits_for_it_and_is_refused()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var answer = await CloseDuringAsync(user, () => client.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password }));

        await answer.ShouldBeErrorAsync(403, "ACCOUNT_DISABLED");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        await using var database = api.CreateContext();
        (await database.Sessions.CountAsync(row => row.UserId == user.Id && row.RevokedAt == null)).ShouldBe(0);
        (await database.AuditEvents.CountAsync(row => row.ActorId == user.Id && row.Action == "session.refused")).ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_waits_for_it_and_is_refused()
    {
        var user = await api.SignUpAsync();
        using var client = api.CreateClient();
        var answer = await CloseDuringAsync(user, () => client.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken }));

        await answer.ShouldBeErrorAsync(401, "INVALID_REFRESH_TOKEN");
    }

    [Fact]
    public async Task An_api_token_waits_for_it_and_is_not_made()
    {
        var user = await api.SignUpAsync();
        var answer = await CloseDuringAsync(user, () => user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "late", scopes = new[] { "execute" } }));

        await answer.ShouldBeErrorAsync(401, "UNAUTHORIZED");
        await using var database = api.CreateContext();
        (await database.ApiTokens.CountAsync(row => row.UserId == user.Id && row.RevokedAt == null)).ShouldBe(0);
    }

    private Task<HttpResponseMessage> CloseDuringAsync(ApiUser user, Func<Task<HttpResponseMessage>> request) =>
        api.ChangeDuringAsync(database => HeldAccount.CloseAsync(database, user.Id, api.Time.GetUtcNow()), request);
}
