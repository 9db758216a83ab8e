using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Platform.Api.Mail.Delivery;

/// <summary>Takes a written mail to where it goes.</summary>
internal interface IMailTransport
{
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A mail on its way.</summary>
/// <param name="Id">The same at every attempt, so that a mail that arrives twice can be told.</param>
internal sealed record OutgoingMail(Guid Id, string From, string To, RenderedMail Content)
{
    /// <summary>The message with both views. The framework's own types write the headers: they refuse line breaks and encode what is not ASCII.</summary>
    public MailMessage ToMessage()
    {
        var from = new MailAddress(From);
        var to = new MailAddress(To);
        // The parser takes "a@example.com, b@example.com" for a name and an address.
        if (to.Address != To) throw new FormatException("The recipient is not one plain address.");
        var message = new MailMessage(from, to)
        {
            Subject = Content.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{Id:N}@{from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Content.Text, Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Content.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        return message;
    }
}
