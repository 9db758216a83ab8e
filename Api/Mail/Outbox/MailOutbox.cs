using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Mail.Outbox;

internal sealed record OutboxResponse(IReadOnlyList<OutboxMailResponse> Mails);

/// <param name="State"><c>queued</c>, <c>sent</c> or <c>failed</c>.</param>
internal sealed record OutboxMailResponse(
    Guid Id, string To, string Subject, string Text, string? Code, string? Link, string State, int Attempts, string? Error, DateTimeOffset CreatedAt);

/// <summary>Reads the newest mails, which in Development keep what they say.</summary>
internal sealed class MailOutbox(PlatformDbContext database, MailSeal seal)
{
    private const int Limit = 100;

    public async Task<IReadOnlyList<OutboxMailResponse>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await database.Mails.AsNoTracking().Where(mail => mail.Kind == MailKind.Mail && mail.Content != "")
            .OrderByDescending(mail => mail.CreatedAt).ThenByDescending(mail => mail.Id).Take(Limit).ToListAsync(cancellationToken);
        return [.. rows.Select(Describe).OfType<OutboxMailResponse>()];
    }

    public async Task<string?> FindHtmlAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.Mails.AsNoTracking()
            .SingleOrDefaultAsync(mail => mail.Id == id && mail.Kind == MailKind.Mail && mail.Content != "", cancellationToken);
        return row is not null && Open(row) is { } mail ? MailLayout.Render(mail.Content).Html : null;
    }

    private OutboxMailResponse? Describe(Core.Data.Entities.Mail row)
    {
        if (Open(row) is not var (to, content)) return null;
        var state = row.SentAt is not null ? "sent" : row.FailedAt is not null ? "failed" : "queued";
        var rendered = MailLayout.Render(content);
        return new OutboxMailResponse(
            row.Id, to, rendered.Subject, rendered.Text, content.Code, content.Link?.Url.AbsoluteUri, state, row.Attempts, row.Error, row.CreatedAt);
    }

    private SealedMail? Open(Core.Data.Entities.Mail row)
    {
        try
        {
            return seal.Open<SealedMail>(row.Content);
        }
        catch (CryptographicException)
        {
            // Written with keys that are gone.
            return null;
        }
    }
}
