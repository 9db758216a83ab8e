using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Sessions;

/// <summary>Starts, continues and ends sessions.</summary>
internal sealed partial class SessionService(
    PlatformDbContext database,
    AccessTokens tokens,
    AuthKeys keys,
    ActiveSessions active,
    IAuditLog audit,
    IOptions<AuthOptions> options,
    TimeProvider time,
    ILogger<SessionService> logger)
{
    private const int MaxListed = 100;

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
    public async Task<SessionTokens?> ContinueAsync(string? text, CancellationToken cancellationToken) =>
        RefreshToken.Parse(keys.Refresh, text) is { } token ? await database.InTransactionAsync(stop => ContinueAsync(token, stop), cancellationToken) : null;

    private async Task<SessionTokens?> ContinueAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        // The account's row comes before the session's, here as wherever an account is closed or deleted.
        var owner = await database.Sessions.Where(row => row.Id == token.SessionId).Select(row => row.UserId).SingleOrDefaultAsync(cancellationToken);
        if (await database.LockOpenAccountAsync(owner, cancellationToken) is null) return null;
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
            await EndFamilyAsync(current, cancellationToken);
            return null;
        }

        var user = await database.Users.AsNoTracking().SingleAsync(row => row.Id == current.UserId, cancellationToken);
        return await IssueAsync(user, current.Id, next, current.Persistent, cancellationToken);
    }

    /// <summary>Sessions of an account that live, newest first.</summary>
    public Task<List<Session>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.Sessions.AsNoTracking().Where(row => row.UserId == userId && row.RevokedAt == null && row.ExpiresAt > now)
            .OrderByDescending(row => row.LastSeenAt).ThenByDescending(row => row.Id).Take(MaxListed).ToListAsync(cancellationToken);
    }

    public Task EndAsync(Guid sessionId, CancellationToken cancellationToken) =>
        EndAsync(database.Sessions.Where(row => row.Id == sessionId), cancellationToken);

    /// <summary>Ends a session of this account.</summary>
    /// <returns>False when there is none of that id, or it is over.</returns>
    public Task<bool> EndAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken) => database.InTransactionAsync(
        async stop =>
        {
            if (await EndAsync(database.Sessions.Where(row => row.Id == sessionId && row.UserId == userId), stop) == 0) return false;
            await audit.RecordAsync(new AuditEntry(AuditActions.SignedOut, userId, "session", sessionId.ToString()), stop);
            return true;
        },
        cancellationToken);

    /// <summary>Ends the sessions of an account, all or all but one: after a new password, or when its owner asks for it.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> EndAllAsync(Guid userId, Guid? except, CancellationToken cancellationToken) => database.InTransactionAsync(
        async stop =>
        {
            var ended = await EndAsync(database.Sessions.Where(row => row.UserId == userId && row.Id != except), stop);
            var entry = new AuditEntry(AuditActions.SessionsEnded, userId, "user", userId.ToString())
            {
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["count"] = ended.ToString(CultureInfo.InvariantCulture) },
            };
            await audit.RecordAsync(entry, stop);
            return ended;
        },
        cancellationToken);

    private async Task<int> EndAsync(IQueryable<Session> sessions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ids = await sessions.Where(row => row.RevokedAt == null).Select(row => row.Id).ToListAsync(cancellationToken);
        var ended = await database.Sessions.Where(row => ids.Contains(row.Id) && row.RevokedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now), cancellationToken);
        await active.EndedAsync(ids);
        return ended;
    }

    private Task EndFamilyAsync(Session session, CancellationToken cancellationToken)
    {
        Log.SpentTokenReused(logger, session.Id, session.UserId);
        return database.InTransactionAsync(
            async stop =>
            {
                await EndAsync(session.Id, stop);
                // Who sent it is not known to be the account's owner.
                var entry = new AuditEntry(AuditActions.RefreshTokenReused, ActorId: null, "session", session.Id.ToString()) { OwnerId = session.UserId };
                await audit.RecordAsync(entry, stop);
            },
            cancellationToken);
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
