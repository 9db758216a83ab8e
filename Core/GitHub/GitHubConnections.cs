using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Core.GitHub;

/// <summary>What a connected account lets us ask with.</summary>
/// <param name="ConnectionId">The row; another one after connecting again.</param>
/// <param name="Login">The account's name.</param>
/// <param name="Token">Null: the connection is broken.</param>
public sealed record GitHubAccess(Guid ConnectionId, string Login, string? Token);

/// <summary>Nobody is connected, or GitHub does not take the token any more.</summary>
public sealed class GitHubConnectionException(bool isBroken)
    : Exception(isBroken ? "GitHub does not accept the connection any more. Connect the account again." : "No GitHub account is connected.")
{
    /// <summary>There was a connection; false: there is none.</summary>
    public bool IsBroken { get; } = isBroken;
}

/// <summary>The tokens of connected accounts: renewed before they run out, marked broken when GitHub refuses them.</summary>
public sealed class GitHubConnections(IServiceScopeFactory scopes, GitHubTokens tokens, GitHubAppUserTokens appTokens, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Null: nobody is connected.</summary>
    /// <exception cref="GitHubException">The token ran out, and GitHub cannot be reached for another.</exception>
    public async Task<GitHubAccess?> FindAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var row = await database.GitHubConnections.AsNoTracking().SingleOrDefaultAsync(each => each.UserId == userId, cancellationToken);
        if (row is null) return null;
        if (row.BrokenAt is null && IsExpiring(row)) row = await RenewAsync(database, row, cancellationToken);
        if (row is null) return null;
        return new GitHubAccess(row.Id, row.GitHubUsername ?? "", row.BrokenAt is null ? tokens.Unprotect(row.GitHubAccessToken) : null);
    }

    /// <summary>Asks GitHub in the name of a connected account.</summary>
    /// <exception cref="GitHubConnectionException">It is not connected, or not any more.</exception>
    public async Task<T> CallAsync<T>(Guid userId, Func<GitHubAccess, string, Task<T>> call, CancellationToken cancellationToken)
    {
        var access = await FindAsync(userId, cancellationToken) ?? throw new GitHubConnectionException(isBroken: false);
        if (access.Token is not { } token) throw new GitHubConnectionException(isBroken: true);
        try
        {
            return await call(access, token);
        }
        catch (GitHubException exception) when (exception.Error == GitHubError.Unauthorized)
        {
            await MarkBrokenAsync(access.ConnectionId, token, cancellationToken);
            throw new GitHubConnectionException(isBroken: true);
        }
    }

    private async Task MarkBrokenAsync(Guid id, string token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var row = await database.GitHubConnections.AsNoTracking().SingleOrDefaultAsync(each => each.Id == id, cancellationToken);
        // Renewed or connected again meanwhile: the refusal was about another token.
        if (row is null || tokens.Unprotect(row.GitHubAccessToken) != token) return;
        var (now, stored) = (time.GetUtcNow(), row.GitHubAccessToken);
        await database.GitHubConnections.Where(each => each.Id == id && each.GitHubAccessToken == stored)
            .ExecuteUpdateAsync(each => each.SetProperty(found => found.BrokenAt, now), cancellationToken);
    }

    private bool IsExpiring(GitHubConnection row) => row.TokenExpiresAt is { } until && until <= time.GetUtcNow() + Margin;

    /// <summary>A refresh token is good once: whoever comes second waits for the first and takes what it got.</summary>
    private Task<GitHubConnection?> RenewAsync(PlatformDbContext database, GitHubConnection seen, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var row = (await database.GitHubConnections.FromSql($"SELECT * FROM github_connections WHERE id = {seen.Id} FOR UPDATE").AsNoTracking().ToListAsync(token))
                .SingleOrDefault();
            if (row is null || row.BrokenAt is not null || !IsExpiring(row)) return row;
            var now = time.GetUtcNow();
            var refresh = row.GitHubRefreshToken is { } stored ? tokens.Unprotect(stored) : null;
            try
            {
                var renewed = refresh is null || !appTokens.IsConfigured ? null : await appTokens.RenewAsync(refresh, token);
                if (renewed is not null)
                {
                    row.GitHubAccessToken = tokens.Protect(renewed.AccessToken);
                    if (renewed.RefreshToken is { } next) row.GitHubRefreshToken = tokens.Protect(next);
                    row.TokenExpiresAt = renewed.ExpiresAt;
                }
                else if (row.TokenExpiresAt <= now)
                {
                    row.BrokenAt = now;
                }
            }
            catch (GitHubException) when (row.TokenExpiresAt > now)
            {
                // What there is serves for some minutes more.
                return row;
            }

            await database.GitHubConnections.Where(each => each.Id == row.Id).ExecuteUpdateAsync(
                each => each
                    .SetProperty(found => found.GitHubAccessToken, row.GitHubAccessToken)
                    .SetProperty(found => found.GitHubRefreshToken, row.GitHubRefreshToken)
                    .SetProperty(found => found.TokenExpiresAt, row.TokenExpiresAt)
                    .SetProperty(found => found.BrokenAt, row.BrokenAt),
                token);
            return row;
        },
        cancellationToken);
}
