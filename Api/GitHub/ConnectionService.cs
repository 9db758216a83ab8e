using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.OAuth;
using Platform.Api.Common.Audit;
using Platform.Api.Users;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;

namespace Platform.Api.GitHub;

/// <summary>Connects an account with GitHub, tells how that stands, and ends it.</summary>
internal sealed class ConnectionService(
    PlatformDbContext database,
    GitHubTokens tokens,
    RepositoryList repositories,
    OnboardingService onboarding,
    IAuditLog audit,
    IJobOutbox outbox,
    IAuthenticationSchemeProvider schemes,
    IOptions<GitHubAppOptions> app,
    TimeProvider time) : IGitHubConnector
{
    public async Task<GitHubConnectionResponse> GetAsync(Guid userId, CancellationToken cancellationToken)
    {
        var row = await database.GitHubConnections.AsNoTracking().SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        var installed = await database.GitHubInstallations.AnyAsync(each => each.UserId == userId, cancellationToken);
        return new GitHubConnectionResponse(
            app.Value.IsConfigured || await schemes.GetSchemeAsync(SignInProvider.GitHub.Id) is not null,
            app.Value.IsConfigured,
            row is { BrokenAt: null },
            row is { BrokenAt: not null },
            row?.GitHubUsername,
            row?.Scopes?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [],
            row?.ConnectedAt,
            installed,
            row is { BrokenAt: null } && await IsChosenAsync(userId, cancellationToken));
    }

    /// <summary>GitHub is where the account hosts.</summary>
    public Task<bool> IsChosenAsync(Guid userId, CancellationToken cancellationToken) =>
        database.UserJourneys.AnyAsync(row => row.UserId == userId && row.HostingTarget == HostingTargets.GitHub, cancellationToken);

    public async Task ConnectAsync(Guid userId, ExternalIdentity identity, string? scopes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (id, secret) = (Guid.CreateVersion7(now), tokens.Protect(identity.AccessToken));
        await database.InTransactionAsync(
            async token =>
            {
                var former = await LockAsync(userId, token);
                await database.Database.ExecuteSqlAsync(
                    $"""
                     INSERT INTO github_connections (id, user_id, github_username, github_access_token, scopes, connected_at)
                     VALUES ({id}, {userId}, {identity.Login}, {secret}, {scopes}, {now})
                     ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, github_username = excluded.github_username,
                         github_access_token = excluded.github_access_token, github_refresh_token = NULL, token_expires_at = NULL,
                         scopes = excluded.scopes, broken_at = NULL, connected_at = excluded.connected_at
                     """,
                    token);
                // Of the same account at GitHub, builds may still use the former token; of another one nobody will ever take it back.
                if (former is not null && !string.Equals(former.GitHubUsername, identity.Login, StringComparison.OrdinalIgnoreCase)) Revoke(former);
                await onboarding.ChooseGitHubAsync(userId, token);
                await RecordAsync(AuditActions.GitHubConnected, userId, identity.Login, token);
                await database.SaveChangesAsync(token);
            },
            cancellationToken);
        await repositories.ForgetAsync(userId);
        await outbox.RelayAsync(cancellationToken);
    }

    /// <summary>Forgets the tokens at once; a job takes them back at GitHub, whenever that can be reached. False: nothing was connected.</summary>
    public async Task<bool> DisconnectAsync(Guid userId, CancellationToken cancellationToken)
    {
        var wasConnected = await database.InTransactionAsync(
            async token =>
            {
                var row = await LockAsync(userId, token);
                // The App may be installed without anybody's token.
                var rows = await database.GitHubConnections.Where(each => each.UserId == userId).ExecuteDeleteAsync(token)
                    + await database.GitHubInstallations.Where(each => each.UserId == userId).ExecuteDeleteAsync(token);
                if (rows == 0) return false;
                if (row is not null) Revoke(row);
                await RecordAsync(AuditActions.GitHubDisconnected, userId, row?.GitHubUsername, token);
                await database.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
        await repositories.ForgetAsync(userId);
        if (wasConnected) await outbox.RelayAsync(cancellationToken);
        return wasConnected;
    }

    private async Task<GitHubConnection?> LockAsync(Guid userId, CancellationToken cancellationToken) =>
        (await database.GitHubConnections.FromSql($"SELECT * FROM github_connections WHERE user_id = {userId} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken))
            .SingleOrDefault();

    private void Revoke(GitHubConnection row) =>
        outbox.Add(new RevokeGitHubJob(row.GitHubAccessToken, row.GitHubRefreshToken, row.GitHubUsername, []), RevokeGitHubJob.Options);

    private Task RecordAsync(string action, Guid userId, string? login, CancellationToken cancellationToken) => audit.RecordAsync(
        new AuditEntry(action, userId, "user", userId.ToString()) { OwnerId = userId, Details = new Dictionary<string, string?> { ["account"] = login } }, cancellationToken);
}
