using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Testing;

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

    /// <summary>Closes the account as an administrator does, sends the request before it is committed, and commits once the request waits for the row.</summary>
    private async Task<HttpResponseMessage> CloseDuringAsync(ApiUser user, Func<Task<HttpResponseMessage>> request)
    {
        await using var database = api.CreateContext();
        await using var transaction = await database.Database.BeginTransactionAsync();
        DateTimeOffset? now = api.Time.GetUtcNow();
        await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, now));
        await database.Sessions.Where(row => row.UserId == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now));
        var answer = request();
        await using var watcher = api.CreateContext();
        await Eventually.ValueAsync(
            () => watcher.Database.SqlQuery<int>(
                $"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'").SingleAsync(),
            waiting => waiting > 0);
        await transaction.CommitAsync();
        return await answer;
    }
}
