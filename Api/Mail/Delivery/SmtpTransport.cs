using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace Platform.Api.Mail.Delivery;

/// <summary>Hands mails to a mail server, over STARTTLS unless that was turned off.</summary>
internal sealed class SmtpTransport(IOptions<SmtpOptions> options) : IMailTransport
{
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var server = options.Value;
        using var message = mail.ToMessage();
        using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.StartTls, UseDefaultCredentials = false };
        if (!string.IsNullOrEmpty(server.User)) client.Credentials = new NetworkCredential(server.User, server.Password);
        // A server that accepts and then says nothing is left behind, whatever the client makes of the token.
        await client.SendMailAsync(message, cancellationToken).WaitAsync(cancellationToken);
    }
}
