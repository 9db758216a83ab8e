using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Mails;
using Platform.Api.Auth.Passwords;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Recovery;

/// <summary>How setting a new password ended.</summary>
internal enum PasswordResetOutcome
{
    Done,

    /// <summary>The link is not ours, over or used.</summary>
    InvalidToken,

    /// <summary>The password is the account's own name or address.</summary>
    OwnName,
}

/// <summary>A new password for whoever reads the mails of the account.</summary>
internal sealed class PasswordReset(
    PlatformDbContext database,
    UserManager<PlatformUser> users,
    IPasswordHasher<PlatformUser> hasher,
    MailedTokens tokens,
    Administrators administrators,
    SessionService sessions,
    IMailer mailer,
    IAuditLog audit,
    PublicLinks links,
    IOptions<AuthOptions> options,
    TimeProvider time) : IMailRequestHandler
{
    public string Purpose => MailedTokenPurpose.ResetPassword;

    /// <summary>Somebody forgot the password of this address.</summary>
    public Task HandleAsync(string address, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var lifetime = options.Value.ResetLifetime;
            if (await users.FindByEmailAsync(address) is not { DisabledAt: null } user) return;
            if (await tokens.IssueAsync(user, Purpose, lifetime, token) is not { } mailed) return;
            await mailer.SendAsync(user.Email!, PasswordResetMail.Write(user.Name, mailed.Token, lifetime, links), token);
        },
        cancellationToken);

    public async Task<PasswordResetOutcome> ResetAsync(string token, string password, CancellationToken cancellationToken)
    {
        // Looked at before it is used: hashing takes a while, and a password that is refused shall not cost the link.
        if (await tokens.FindAsync(token, Purpose, cancellationToken) is not { } found) return PasswordResetOutcome.InvalidToken;
        var user = await database.Users.AsNoTracking().SingleAsync(row => row.Id == found.UserId, cancellationToken);
        if (PasswordRules.IsOwn(password, user.Name, user.Email)) return PasswordResetOutcome.OwnName;
        var hash = hasher.HashPassword(user, password);
        return await database.InTransactionAsync(stop => SetAsync(user, token, hash, stop), cancellationToken)
            ? PasswordResetOutcome.Done
            : PasswordResetOutcome.InvalidToken;
    }

    private async Task<bool> SetAsync(PlatformUser user, string token, string hash, CancellationToken cancellationToken)
    {
        if (await tokens.UseAsync(token, Purpose, cancellationToken) is null) return false;
        var now = time.GetUtcNow();
        DateTimeOffset? open = null;
        await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.PasswordHash, hash)
                .SetProperty(each => each.SecurityStamp, Guid.NewGuid().ToString())
                .SetProperty(each => each.ConcurrencyStamp, Guid.NewGuid().ToString())
                .SetProperty(each => each.AccessFailedCount, 0)
                .SetProperty(each => each.LockoutEnd, open)
                // Whoever used the link reads the mails of the address.
                .SetProperty(each => each.EmailConfirmed, true)
                .SetProperty(each => each.UpdatedAt, now),
            cancellationToken);
        await tokens.ForgetAsync(user.Id, Purpose, cancellationToken);
        await tokens.ForgetAsync(user.Id, MailedTokenPurpose.VerifyEmail, cancellationToken);
        await sessions.EndAllAsync(user.Id, except: null, cancellationToken);
        await audit.RecordAsync(new AuditEntry(AuditActions.PasswordReset, user.Id, "user", user.Id.ToString()), cancellationToken);
        await administrators.NameConfiguredAsync(user.Id, cancellationToken);
        await mailer.SendAsync(user.Email!, PasswordChangedMail.Write(user.Name, now, links), cancellationToken);
        return true;
    }
}
