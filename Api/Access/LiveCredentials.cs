using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Access;

/// <summary>What signs in now: neither revoked nor run out, of an account that is open.</summary>
internal static class LiveCredentials
{
    public static IQueryable<Session> LiveSessions(this PlatformDbContext database, DateTimeOffset now) =>
        database.Sessions.Where(session => session.RevokedAt == null && session.ExpiresAt > now
            && database.Users.Any(user => user.Id == session.UserId && user.DisabledAt == null));

    public static IQueryable<ApiToken> LiveApiTokens(this PlatformDbContext database, DateTimeOffset now) =>
        database.ApiTokens.Where(token => token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now)
            && database.Users.Any(user => user.Id == token.UserId && user.DisabledAt == null));
}
