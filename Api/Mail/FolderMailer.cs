using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Mail;

namespace Platform.Api.Mail;

/// <summary>Writes mails to a folder.</summary>
internal sealed class FolderMailer(IOptions<MailOptions> options) : IMailer
{
    public async Task SendAsync(string to, MailContent content, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(options.Value.OutboxPath ?? Path.Combine(Path.GetTempPath(), "autostack-mail"));
        Directory.CreateDirectory(folder);
        using var message = new MailMessage(options.Value.From, to) { Subject = content.Subject, SubjectEncoding = Encoding.UTF8 };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Text(content), Encoding.UTF8, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(Html(content), Encoding.UTF8, MediaTypeNames.Text.Html));
        using var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder };
        await client.SendMailAsync(message, cancellationToken);
    }

    private static string Text(MailContent content) => string.Join("\n\n", Lines(content));

    private static string Html(MailContent content) =>
        string.Concat(Lines(content).Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>\n"));

    private static IEnumerable<string> Lines(MailContent content)
    {
        foreach (var paragraph in content.Paragraphs) yield return paragraph;
        if (content.Code is { } code) yield return code;
        if (content.Link is { } link) yield return $"{link.Text}: {link.Url}";
        if (content.Note is { } note) yield return note;
    }
}
