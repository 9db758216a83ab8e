using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Mails;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Recovery;

/// <summary>Proves addresses by mail.</summary>
internal sealed class EmailVerification(
    PlatformDbContext database,
    UserManager<PlatformUser> users,
    MailedTokens tokens,
    Administrators administrators,
    IMailer mailer,
    IAuditLog audit,
    PublicLinks links,
    IOptions<AuthOptions> options,
    TimeProvider time) : IMailRequestHandler
{
    public string Purpose => MailedTokenPurpose.VerifyEmail;

    /// <summary>Mails a link and a code to the account, unless it got too many of them.</summary>
    public async Task SendAsync(PlatformUser user, CancellationToken cancellationToken)
    {
        var lifetime = options.Value.VerificationLifetime;
        if (await tokens.IssueAsync(user, Purpose, lifetime, cancellationToken) is not { } mailed) return;
        await mailer.SendAsync(user.Email!, ActivationMail.Write(user.Name, mailed.Token, mailed.Code, lifetime, links), cancellationToken);
    }

    /// <summary>Somebody asked to get the mail again.</summary>
    public Task HandleAsync(string address, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var user = await users.FindByEmailAsync(address);
            if (user is { EmailConfirmed: false, DisabledAt: null }) await SendAsync(user, token);
        },
        cancellationToken);

    public Task<bool> VerifyAsync(string token, CancellationToken cancellationToken) =>
        VerifyAsync(stop => tokens.UseAsync(token, Purpose, stop), cancellationToken);

    public Task<bool> VerifyAsync(string email, string code, CancellationToken cancellationToken) =>
        VerifyAsync(stop => tokens.UseCodeAsync(users.NormalizeEmail(email)!, code, Purpose, stop), cancellationToken);

    // A refusal is written down as well, in the same number of steps whether the address is known or not.
    private Task<bool> VerifyAsync(Func<CancellationToken, Task<AccountToken?>> use, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async stop =>
            {
                if (await use(stop) is not { } used)
                {
                    await audit.RecordAsync(new AuditEntry(AuditActions.VerificationRefused, ActorId: null), stop);
                    return false;
                }

                var now = time.GetUtcNow();
                await database.Users.Where(user => user.Id == used.UserId && user.Email == used.Email).ExecuteUpdateAsync(
                    user => user.SetProperty(each => each.EmailConfirmed, true).SetProperty(each => each.UpdatedAt, now), stop);
                await tokens.ForgetAsync(used.UserId, Purpose, stop);
                await audit.RecordAsync(new AuditEntry(AuditActions.EmailVerified, used.UserId, "user", used.UserId.ToString()), stop);
                await administrators.NameConfiguredAsync(used.UserId, stop);
                return true;
            },
            cancellationToken);
}
