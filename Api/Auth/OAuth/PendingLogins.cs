using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.OAuth;

/// <summary>Sign-ins at a provider that wait for a proof of the address.</summary>
internal sealed class PendingLogins(PlatformDbContext database, IMailer mailer, PublicLinks links, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // Enough for somebody who clicks twice, too few to fill a stranger's mailbox.
    private const int MostOpen = 3;

    /// <summary>Writes it down and mails the link; the token is for the browser and needs the account's password.</summary>
    /// <param name="identity">Who the provider says it is; its address is known.</param>
    /// <param name="account">The account that has the address; null: one is made when the address is proven.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string?> AddAsync(ExternalIdentity identity, PlatformUser? account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var email = account?.Email ?? identity.Email!;
        if (await database.PendingLogins.CountAsync(row => row.Email == email && row.UsedAt == null && row.ExpiresAt > now, cancellationToken) >= MostOpen) return null;
        var (token, mailToken) = (OpaqueToken.Create(), OpaqueToken.Create());
        await database.InTransactionAsync(
            async cancel =>
            {
                database.PendingLogins.Add(new PendingLogin
                {
                    Id = Guid.CreateVersion7(now),
                    UserId = account?.Id,
                    Provider = identity.Provider.Id,
                    ProviderKey = identity.Key,
                    DisplayName = identity.Login,
                    Email = email,
                    Name = identity.Name,
                    AvatarUrl = identity.AvatarUrl,
                    TokenHash = OpaqueToken.Hash(token),
                    MailTokenHash = OpaqueToken.Hash(mailToken),
                    ExpiresAt = now + Lifetime,
                    CreatedAt = now,
                });
                await database.SaveChangesAsync(cancel);
                await mailer.SendAsync(email, Content(identity, account, mailToken), cancel);
            },
            cancellationToken);
        return token;
    }

    /// <summary>The open entry of a token, and whether the token came by mail.</summary>
    public async Task<(PendingLogin Login, bool ByMail)?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (OpaqueToken.Hash(token), time.GetUtcNow());
        var found = await database.PendingLogins.AsNoTracking().SingleOrDefaultAsync(
            row => (row.TokenHash == hash || row.MailTokenHash == hash) && row.UsedAt == null && row.ExpiresAt > now, cancellationToken);
        return found is null ? null : (found, found.MailTokenHash == hash);
    }

    /// <summary>True for one caller.</summary>
    public async Task<bool> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await database.PendingLogins.Where(row => row.Id == id && row.UsedAt == null && row.ExpiresAt > now)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.UsedAt, now), cancellationToken) == 1;
    }

    private MailContent Content(ExternalIdentity identity, PlatformUser? account, string token)
    {
        var link = links.ToPage("/link", token);
        return account is null
            ? new MailContent("Finish signing up for Autostack", $"Somebody signed in to Autostack with the {identity.Description} and gave this address.",
                "If that was you, confirm the address within 15 minutes. An account is made then, and that login opens it.")
            {
                Link = new MailLink("Confirm the address", link),
                Note = "If it was not you, do nothing: no account is made.",
            }
            : new MailContent($"Connect {identity.Provider.Title} with your Autostack account", $"Somebody signed in with the {identity.Description}, which has the address of your account.",
                "If that was you, connect the two within 15 minutes. From then on that login opens your account.")
            {
                Link = new MailLink($"Connect {identity.Provider.Title}", link),
                Note = "If it was not you, do nothing: the login stays shut out.",
            };
    }
}
