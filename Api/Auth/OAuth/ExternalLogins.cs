using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.GitHub;

namespace Platform.Api.Auth.OAuth;

/// <summary>The logins at providers that lead to an account.</summary>
internal sealed class ExternalLogins(PlatformDbContext database, GitHubTokens tokens, IAuditLog audit, IMailer mailer, TimeProvider time)
{
    /// <summary>Lets the login lead to the account. Who calls this has seen that the person owns both.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="provider">Where the login is.</param>
    /// <param name="key">The person's id there.</param>
    /// <param name="displayName">What the provider calls the person.</param>
    /// <param name="announce">Whether a mail tells about it.</param>
    /// <param name="stillProven">Whether what was seen still holds, asked with the account's row held: a password may have been replaced meanwhile.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<LinkOutcome> AddAsync(
        Guid userId, string provider, string key, string? displayName, bool announce, Func<CancellationToken, Task<bool>> stillProven, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(
                async token =>
                {
                    await LockAsync(userId, token);
                    return await stillProven(token) ? await InsertAsync(userId, provider, key, displayName, announce, token) : LinkOutcome.NotProven;
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return LinkOutcome.InUse;
        }
    }

    /// <summary>Ends that the login leads to the account, unless nothing else would.</summary>
    public Task<UnlinkOutcome> RemoveAsync(Guid userId, SignInProvider provider, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            // Two that unlink at the same moment must not each think that the other way in remains.
            await LockAsync(userId, token);
            var logins = await database.UserLogins.AsNoTracking().Where(row => row.UserId == userId).Select(row => row.LoginProvider).ToListAsync(token);
            if (!logins.Contains(provider.Id)) return UnlinkOutcome.NotLinked;
            var hasPassword = await database.Users.AnyAsync(row => row.Id == userId && row.PasswordHash != null, token);
            if (!hasPassword && logins.Count == 1) return UnlinkOutcome.LastWayIn;

            await database.UserLogins.Where(row => row.UserId == userId && row.LoginProvider == provider.Id).ExecuteDeleteAsync(token);
            await SetIdAsync(userId, provider.Id, null, token);
            if (provider == SignInProvider.GitHub) await database.GitHubConnections.Where(row => row.UserId == userId).ExecuteDeleteAsync(token);
            await RecordAsync(AuditActions.LoginUnlinked, userId, provider.Id, token);
            await AnnounceAsync(userId, $"{provider.Title} was disconnected", $"You can no longer sign in to Autostack with {provider.Title}.", token);
            return UnlinkOutcome.Unlinked;
        },
        cancellationToken);

    /// <summary>Keeps what GitHub lets us ask with, unless the account has connected GitHub before: that token may be allowed more.</summary>
    public async Task KeepTokenAsync(Guid userId, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.Provider != SignInProvider.GitHub) return;
        var (id, now, secret) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), tokens.Protect(identity.AccessToken));
        await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO github_connections (id, user_id, github_username, github_access_token, connected_at)
             VALUES ({id}, {userId}, {identity.Login}, {secret}, {now}) ON CONFLICT (user_id) DO NOTHING
             """,
            cancellationToken);
    }

    private async Task<LinkOutcome> InsertAsync(Guid userId, string provider, string key, string? displayName, bool announce, CancellationToken cancellationToken)
    {
        var owner = await database.UserLogins.AsNoTracking().Where(row => row.LoginProvider == provider && row.ProviderKey == key)
            .Select(row => (Guid?)row.UserId).SingleOrDefaultAsync(cancellationToken);
        if (owner is not null) return owner == userId ? LinkOutcome.Linked : LinkOutcome.InUse;
        if (await database.UserLogins.AnyAsync(row => row.UserId == userId && row.LoginProvider == provider, cancellationToken)) return LinkOutcome.OtherOfProvider;

        await database.Database.ExecuteSqlAsync(
            $"INSERT INTO user_logins (login_provider, provider_key, provider_display_name, user_id) VALUES ({provider}, {key}, {displayName}, {userId})",
            cancellationToken);
        await SetIdAsync(userId, provider, key, cancellationToken);
        await RecordAsync(AuditActions.LoginLinked, userId, provider, cancellationToken);
        if (announce)
        {
            var title = SignInProvider.Find(provider)?.Title ?? provider;
            await AnnounceAsync(userId, $"{title} was connected", $"From now on the {title} account {displayName} can sign in to your Autostack account.", cancellationToken);
        }

        return LinkOutcome.Linked;
    }

    private Task<int> LockAsync(Guid userId, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"SELECT 1 FROM users WHERE id = {userId} FOR UPDATE", cancellationToken);

    // The contract has a column for each provider; the unique index on it is a second guard.
    private Task<int> SetIdAsync(Guid userId, string provider, string? key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = database.Users.Where(row => row.Id == userId);
        return provider == SignInProvider.GitHub.Id
            ? rows.ExecuteUpdateAsync(row => row.SetProperty(each => each.GitHubId, key).SetProperty(each => each.UpdatedAt, now), cancellationToken)
            : rows.ExecuteUpdateAsync(row => row.SetProperty(each => each.GoogleId, key).SetProperty(each => each.UpdatedAt, now), cancellationToken);
    }

    private Task RecordAsync(string action, Guid userId, string provider, CancellationToken cancellationToken) => audit.RecordAsync(
        new AuditEntry(action, userId, "user", userId.ToString()) { Details = new Dictionary<string, string?> { ["provider"] = provider } }, cancellationToken);

    private async Task AnnounceAsync(Guid userId, string subject, string text, CancellationToken cancellationToken)
    {
        var email = await database.Users.Where(row => row.Id == userId).Select(row => row.Email).SingleAsync(cancellationToken);
        await mailer.SendAsync(email!, new MailContent(subject, text) { Note = "If this was not you, change your password and look at the sessions of your account." }, cancellationToken);
    }
}

internal enum LinkOutcome
{
    Linked,

    /// <summary>It leads to another account.</summary>
    InUse,

    /// <summary>The account has another login of the same provider.</summary>
    OtherOfProvider,

    /// <summary>What the person showed is no proof any more.</summary>
    NotProven,
}

internal enum UnlinkOutcome
{
    Unlinked,
    NotLinked,
    LastWayIn,
}
