using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Mail;
using Platform.Api.Mail.Delivery;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Mail;

/// <summary>Puts mails into <c>mails</c> by the request's own connection: a mail goes out exactly when what it is about was committed.</summary>
internal sealed class OutboxMailer(PlatformDbContext database, MailSeal seal, TimeProvider time) : IMailer, IMailRequests
{
    public Task SendAsync(string to, MailContent content, CancellationToken cancellationToken) =>
        AddAsync(MailKind.Mail, seal.Close(new SealedMail(to, content)), cancellationToken);

    Task IMailRequests.AddAsync(string purpose, string address, CancellationToken cancellationToken) =>
        AddAsync(MailKind.Request, seal.Close(new SealedRequest(purpose, address)), cancellationToken);

    // The notification is delivered by the commit, not before it.
    private Task<int> AddAsync(string kind, string content, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return database.Database.ExecuteSqlAsync(
            $"""
             WITH added AS (
                 INSERT INTO mails (id, kind, content, next_attempt_at, created_at) VALUES ({id}, {kind}, {content}, {now}, {now}) RETURNING id
             )
             SELECT pg_notify({MailSender.Channel}, '') FROM added
             """,
            cancellationToken);
    }
}
