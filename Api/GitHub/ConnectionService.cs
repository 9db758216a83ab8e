using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.OAuth;
using Platform.Api.Common.Audit;
using Platform.Api.Users;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

/// <summary>Connects an account with GitHub, tells how that stands, and ends it.</summary>
internal sealed partial class ConnectionService(
    PlatformDbContext database,
    IGitHubClient gitHub,
    GitHubTokens tokens,
    RepositoryList repositories,
    OnboardingService onboarding,
    IAuditLog audit,
    IConfiguration configuration,
    IAuthenticationSchemeProvider schemes,
    IOptions<GitHubAppOptions> app,
    TimeProvider time,
    ILogger<ConnectionService> logger) : IGitHubConnector
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
                await database.Database.ExecuteSqlAsync(
                    $"""
                     INSERT INTO github_connections (id, user_id, github_username, github_access_token, scopes, connected_at)
                     VALUES ({id}, {userId}, {identity.Login}, {secret}, {scopes}, {now})
                     ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, github_username = excluded.github_username,
                         github_access_token = excluded.github_access_token, github_refresh_token = NULL, token_expires_at = NULL,
                         scopes = excluded.scopes, broken_at = NULL, connected_at = excluded.connected_at
                     """,
                    token);
                await onboarding.ChooseGitHubAsync(userId, token);
                await RecordAsync(AuditActions.GitHubConnected, userId, identity.Login, token);
            },
            cancellationToken);
        await repositories.ForgetAsync(userId);
    }

    /// <summary>Forgets the tokens, whether or not GitHub can be told; false: nothing was connected.</summary>
    public async Task<bool> DisconnectAsync(Guid userId, CancellationToken cancellationToken)
    {
        var row = await database.GitHubConnections.AsNoTracking().SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        var wasConnected = await database.InTransactionAsync(
            async token =>
            {
                // The App may be installed without anybody's token.
                var rows = await database.GitHubConnections.Where(each => each.UserId == userId).ExecuteDeleteAsync(token)
                    + await database.GitHubInstallations.Where(each => each.UserId == userId).ExecuteDeleteAsync(token);
                if (rows == 0) return false;
                await RecordAsync(AuditActions.GitHubDisconnected, userId, row?.GitHubUsername, token);
                return true;
            },
            cancellationToken);
        await repositories.ForgetAsync(userId);
        if (!wasConnected || row is null) return wasConnected;
        if (tokens.Unprotect(row.GitHubAccessToken) is { } secret) await RevokeAsync(secret, isApps: row.Scopes is null && row.GitHubRefreshToken is not null, cancellationToken);
        return true;
    }

    private async Task RevokeAsync(string token, bool isApps, CancellationToken cancellationToken)
    {
        var (client, secret) = isApps
            ? (app.Value.ClientId, app.Value.ClientSecret)
            : (configuration["GitHub:ClientId"] ?? app.Value.ClientId, configuration["GitHub:ClientSecret"] ?? app.Value.ClientSecret);
        if (string.IsNullOrEmpty(client) || string.IsNullOrEmpty(secret)) return;
        try
        {
            await gitHub.RevokeTokenAsync(client, secret, token, cancellationToken);
        }
        catch (GitHubException exception)
        {
            // It is forgotten here all the same; the person can revoke it at GitHub.
            Log.NotRevoked(logger, exception.Error);
        }
    }

    private Task RecordAsync(string action, Guid userId, string? login, CancellationToken cancellationToken) => audit.RecordAsync(
        new AuditEntry(action, userId, "user", userId.ToString()) { OwnerId = userId, Details = new Dictionary<string, string?> { ["account"] = login } }, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A token was not revoked at GitHub: {Kind}")]
        public static partial void NotRevoked(ILogger logger, GitHubError kind);
    }
}
