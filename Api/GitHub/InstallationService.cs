using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Audit;
using Platform.Api.Users;
using Platform.Core.Data;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

/// <summary>Connects installations of the GitHub App with the accounts of those who installed it.</summary>
internal sealed partial class InstallationService(
    PlatformDbContext database,
    IGitHubClient gitHub,
    GitHubAppTokens app,
    GitHubAppUserTokens appTokens,
    GitHubTokens tokens,
    OnboardingService onboarding,
    IAuditLog audit,
    TimeProvider time,
    ILogger<InstallationService> logger)
{
    /// <summary>Null: connected. Else a code of <see cref="GitHubAppErrors"/>.</summary>
    public async Task<string?> ConnectAsync(Guid userId, long installationId, string? code, CancellationToken cancellationToken)
    {
        try
        {
            if (await gitHub.FindInstallationAsync(app.Create(), installationId, cancellationToken) is not { } installation) return GitHubAppErrors.NotFound;
            var (isOwn, person) = await ProveAsync(userId, installation, code, cancellationToken);
            if (!isOwn)
            {
                Log.Foreign(logger, userId, installationId);
                return GitHubAppErrors.NotYours;
            }

            await database.InTransactionAsync(token => StoreAsync(userId, installation, person, token), cancellationToken);
            return null;
        }
        catch (GitHubException exception)
        {
            Log.Failed(logger, installationId, exception.Error);
            return GitHubAppErrors.Failed;
        }
    }

    /// <summary>
    /// The number alone proves nothing, for anybody can write any. Either GitHub tells, by the person's own authorization, that the
    /// installation is theirs to use, or it is in the very account that signs in here.
    /// </summary>
    private async Task<(bool IsOwn, Person? Person)> ProveAsync(Guid userId, GitHubAppInstallation installation, string? code, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(code) && appTokens.IsConfigured)
        {
            if (await appTokens.ExchangeAsync(code, cancellationToken) is not { } token) return (false, null);
            var user = await gitHub.GetCurrentUserAsync(token.AccessToken, cancellationToken);
            var isOwn = user.Id == installation.AccountId || await gitHub.CanReachInstallationAsync(token.AccessToken, installation.Id, cancellationToken);
            return (isOwn, new Person(user.Login, token));
        }

        var account = installation.AccountId.ToString(CultureInfo.InvariantCulture);
        return (await database.Users.AnyAsync(row => row.Id == userId && row.GitHubId == account, cancellationToken), null);
    }

    private async Task StoreAsync(Guid userId, GitHubAppInstallation installation, Person? person, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO github_installations (id, owner_id, user_id, installation_id, account_id, account_login, account_type, created_at)
             VALUES ({id}, {userId}, {userId}, {installation.Id}, {installation.AccountId}, {installation.AccountLogin}, {installation.AccountType}, {now})
             ON CONFLICT (owner_id, installation_id) DO UPDATE SET account_login = excluded.account_login, account_type = excluded.account_type
             """,
            cancellationToken);
        if (person is not null) await KeepTokenAsync(userId, person, now, cancellationToken);
        await onboarding.ChooseGitHubAsync(userId, cancellationToken);
        await audit.RecordAsync(
            new AuditEntry(AuditActions.GitHubAppInstalled, userId, "github_installation", installation.Id.ToString(CultureInfo.InvariantCulture))
            {
                OwnerId = userId,
                Details = new Dictionary<string, string?> { ["account"] = installation.AccountLogin },
            },
            cancellationToken);
    }

    /// <summary>A token of the App reaches what was installed, private repositories too, so it takes the place of an earlier one.</summary>
    private Task<int> KeepTokenAsync(Guid userId, Person person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, access) = (Guid.CreateVersion7(now), tokens.Protect(person.Token.AccessToken));
        var refresh = person.Token.RefreshToken is { } text ? tokens.Protect(text) : null;
        return database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO github_connections (id, user_id, github_username, github_access_token, github_refresh_token, token_expires_at, connected_at)
             VALUES ({id}, {userId}, {person.Login}, {access}, {refresh}, {person.Token.ExpiresAt}, {now})
             ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, scopes = NULL, broken_at = NULL, github_username = excluded.github_username, github_access_token = excluded.github_access_token,
                 github_refresh_token = excluded.github_refresh_token, token_expires_at = excluded.token_expires_at, connected_at = excluded.connected_at
             """,
            cancellationToken);
    }

    private sealed record Person(string Login, GitHubAppUserToken Token);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Account {UserId} came back with installation {InstallationId} of the GitHub App, which is not theirs")]
        public static partial void Foreign(ILogger logger, Guid userId, long installationId);

        [LoggerMessage(2, LogLevel.Warning, "Installation {InstallationId} of the GitHub App was not connected: {Kind}")]
        public static partial void Failed(ILogger logger, long installationId, GitHubError kind);
    }
}
