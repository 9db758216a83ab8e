using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Testing;

namespace Platform.Api.Tests.Auth;

/// <summary>Two things happen to an account at once: the statements of one are held open around a request.</summary>
internal static class HeldAccount
{
    /// <summary>Changes the account, sends the request before that is committed, and commits once the request waits for the row.</summary>
    public static async Task<HttpResponseMessage> ChangeDuringAsync(
        this ApiFactory api, Func<PlatformDbContext, Task> change, Func<Task<HttpResponseMessage>> request)
    {
        await using var database = api.CreateContext();
        await using var transaction = await database.Database.BeginTransactionAsync();
        await change(database);
        var answer = request();
        await using var watcher = api.CreateContext();
        await Eventually.ValueAsync(
            () => watcher.Database.SqlQuery<int>(
                $"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(),
            waiting => waiting > 0);
        await transaction.CommitAsync();
        return await answer;
    }

    /// <summary>As an administrator does it.</summary>
    public static async Task CloseAsync(PlatformDbContext database, Guid userId, DateTimeOffset now)
    {
        await database.Users.Where(row => row.Id == userId).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, now));
        await database.ApiTokens.Where(row => row.UserId == userId && row.RevokedAt == null).ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now));
        await EndSessionsAsync(database, userId, now);
    }

    /// <summary>As a mailed link does it.</summary>
    public static async Task ResetAsync(PlatformDbContext database, Guid userId, string hash, DateTimeOffset now)
    {
        await database.Users.Where(row => row.Id == userId).ExecuteUpdateAsync(row => row
            .SetProperty(each => each.PasswordHash, hash)
            .SetProperty(each => each.SecurityStamp, Guid.NewGuid().ToString())
            .SetProperty(each => each.ConcurrencyStamp, Guid.NewGuid().ToString()));
        await EndSessionsAsync(database, userId, now);
    }

    private static Task<int> EndSessionsAsync(PlatformDbContext database, Guid userId, DateTimeOffset now) =>
        database.Sessions.Where(row => row.UserId == userId).ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now));
}
