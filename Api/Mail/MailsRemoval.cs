using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Mail;

/// <summary>
/// Deletes the mails to an account that wait or are kept: codes and links that lead nowhere any more. Addresses are encrypted, so each mail is
/// opened; one that was sent is empty, except in Development.
/// </summary>
internal sealed class MailsRemoval(MailSeal seal) : IAccountRemoval
{
    private const int PageSize = 500;

    public Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) => Task.FromResult<ErrorResult?>(null);

    public async Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken)
    {
        // Also the address that waits for its proof, and the one that was left.
        var changes = await database.EmailChanges.Where(row => row.UserId == account.Id).Select(row => new { row.OldEmail, row.NewEmail }).ToListAsync(cancellationToken);
        var candidates = changes.SelectMany(change => new[] { change.OldEmail.ToUpperInvariant(), change.NewEmail.ToUpperInvariant() }).ToList();
        // An address may belong to somebody else by now.
        var others = await database.Users.Where(user => user.Id != account.Id && candidates.Contains(user.NormalizedEmail!))
            .Select(user => user.NormalizedEmail!).ToListAsync(cancellationToken);
        var addresses = candidates.Except(others).Append(account.Email).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var after = Guid.Empty;
        while (true)
        {
            var page = await database.Mails.AsNoTracking().Where(mail => mail.Content != "" && mail.Id > after).OrderBy(mail => mail.Id).Take(PageSize).ToListAsync(cancellationToken);
            if (page.Count == 0) return null;
            var own = page.Where(mail => FindAddress(mail) is { } address && addresses.Contains(address)).Select(mail => mail.Id).ToList();
            if (own.Count > 0) await database.Mails.Where(mail => own.Contains(mail.Id)).ExecuteDeleteAsync(cancellationToken);
            after = page[^1].Id;
        }
    }

    private string? FindAddress(Core.Data.Entities.Mail mail)
    {
        try
        {
            return mail.Kind == MailKind.Mail ? seal.Open<SealedMail>(mail.Content).To : seal.Open<SealedRequest>(mail.Content).Address;
        }
        catch (CryptographicException)
        {
            // Sealed by keys that are lost: nobody can read or send it.
            return null;
        }
    }
}
