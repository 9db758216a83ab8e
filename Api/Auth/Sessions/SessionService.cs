using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Sessions;

/// <summary>Starts, continues and ends sessions.</summary>
internal sealed partial class SessionService(
    PlatformDbContext database,
    AccessTokens tokens,
    AuthKeys keys,
    ActiveSessions active,
    IOptions<AuthOptions> options,
    TimeProvider time,
    ILogger<SessionService> logger)
{
    public async Task<SessionTokens> StartAsync(PlatformUser user, bool persistent, HttpContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var refresh = RefreshToken.Create(keys.Refresh, id);
        database.Sessions.Add(new Session
        {
            Id = id,
            UserId = user.Id,
            Token = refresh.Hash,
            ExpiresAt = now + options.Value.RefreshTokenLifetime,
            Persistent = persistent,
            UserAgent = Cut(context.Request.Headers.UserAgent.ToString(), 512),
            IpAddress = Cut(context.Connection.RemoteIpAddress?.ToString(), 64),
            LastSeenAt = now,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
        return await IssueAsync(user, id, refresh, persistent, cancellationToken);
    }

    /// <summary>Takes a refresh token for its successor. Null: it is not ours, its session is over, or it was spent, which ends the session.</summary>
    public async Task<SessionTokens?> ContinueAsync(string? text, CancellationToken cancellationToken)
    {
        if (RefreshToken.Parse(keys.Refresh, text) is not { } token) return null;
        var next = token.Next(keys.Refresh);
        var now = time.GetUtcNow();
        var session = database.Sessions.Where(row => row.Id == token.SessionId && row.RevokedAt == null && row.ExpiresAt > now);
        // Both sides of the comparison travel in one statement: of two requests with the same token one rotates.
        var rotated = await session.Where(row => row.Token == token.Hash).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.PreviousToken, token.Hash)
                .SetProperty(each => each.Token, next.Hash)
                .SetProperty(each => each.RotatedAt, now)
                .SetProperty(each => each.LastSeenAt, now)
                .SetProperty(each => each.ExpiresAt, now + options.Value.RefreshTokenLifetime),
            cancellationToken);

        var current = await session.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (current is null) return null;
        if (rotated == 0 && !IsLostAnswer(current, token, next, now))
        {
            Log.SpentTokenReused(logger, current.Id, current.UserId);
            await EndAsync(current.Id, cancellationToken);
            return null;
        }

        var user = await database.Users.AsNoTracking().SingleAsync(row => row.Id == current.UserId, cancellationToken);
        return await IssueAsync(user, current.Id, next, current.Persistent, cancellationToken);
    }

    public async Task EndAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await database.Sessions.Where(row => row.Id == sessionId && row.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now), cancellationToken);
        active.Ended(sessionId);
    }

    /// <summary>Ends all sessions of an account, but for one where it is given.</summary>
    public async Task EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var live = database.Sessions.Where(row => row.UserId == userId && row.RevokedAt == null && row.Id != except);
        var ids = await live.Select(row => row.Id).ToListAsync(cancellationToken);
        await live.ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now), cancellationToken);
        foreach (var id in ids) active.Ended(id);
    }

    private bool IsLostAnswer(Session current, RefreshToken token, RefreshToken next, DateTimeOffset now) =>
        current.PreviousToken == token.Hash && current.Token == next.Hash && now - current.RotatedAt <= options.Value.RefreshGrace;

    private async Task<SessionTokens> IssueAsync(
        PlatformUser user, Guid sessionId, RefreshToken refresh, bool persistent, CancellationToken cancellationToken)
    {
        var role = await FindRoleAsync(user.Id, cancellationToken);
        var access = tokens.Issue(user.Id, user.Email ?? "", user.Name, role, sessionId);
        return new SessionTokens(user, role, access, refresh.ToString(), (int)tokens.Lifetime.TotalSeconds, keys.CsrfToken(sessionId), persistent);
    }

    public async Task<string> FindRoleAsync(Guid userId, CancellationToken cancellationToken) =>
        await database.UserRoles
            .Where(member => member.UserId == userId)
            .Join(database.Roles, member => member.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(name => name == PlatformRoles.Admin, cancellationToken)
            ? PlatformRoles.Admin
            : PlatformRoles.User;

    private static string? Cut(string? text, int length) => text is { Length: > 0 } ? text[..Math.Min(text.Length, length)].Replace("\0", "", StringComparison.Ordinal) : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A spent refresh token of session {SessionId} of account {UserId} came again: the session is ended")]
        public static partial void SpentTokenReused(ILogger logger, Guid sessionId, Guid userId);
    }
}
