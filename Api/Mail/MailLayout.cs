using System.Net;
using System.Text;
using Platform.Api.Common.Mail;

namespace Platform.Api.Mail;

/// <summary>A mail as text and as HTML.</summary>
internal sealed record RenderedMail(string Subject, string Text, string Html);

/// <summary>The one layout of all mails. Everything it is given is text: it is escaped here and nowhere else.</summary>
internal static class MailLayout
{
    private static readonly string HtmlTemplate = Load("mail-layout.html");
    private static readonly string TextTemplate = Load("mail-layout.txt");

    public static RenderedMail Render(MailContent content)
    {
        var subject = SingleLine(content.Subject);
        return new RenderedMail(subject, Fill(TextTemplate, subject, Text(content)), Fill(HtmlTemplate, Encode(subject), Html(content)));
    }

    /// <summary>A subject of two lines would be two headers.</summary>
    private static string SingleLine(string text) =>
        string.Join(' ', text.Split([.. text.Where(char.IsControl).Distinct(), ' '], StringSplitOptions.RemoveEmptyEntries));

    private static string Text(MailContent content)
    {
        var parts = new List<string>(content.Paragraphs);
        if (content.Code is { } code) parts.Add($"    {code}");
        if (content.Link is { } link) parts.Add($"{link.Text}:\n{link.Url.AbsoluteUri}");
        if (content.Note is { } note) parts.Add(note);
        return string.Join("\n\n", parts);
    }

    private static string Html(MailContent content)
    {
        var html = new StringBuilder();
        foreach (var paragraph in content.Paragraphs) html.Append("<p class=\"text\">").Append(Encode(paragraph)).Append("</p>\n");
        if (content.Code is { } code) html.Append("<p class=\"code\">").Append(Encode(code)).Append("</p>\n");
        if (content.Link is { } link)
        {
            html.Append("<p class=\"action\"><a href=\"").Append(Encode(link.Url.AbsoluteUri)).Append("\">").Append(Encode(link.Text)).Append("</a></p>\n");
            html.Append("<p class=\"small\">").Append(Encode(link.Url.AbsoluteUri)).Append("</p>\n");
        }

        if (content.Note is { } note) html.Append("<p class=\"small\">").Append(Encode(note)).Append("</p>\n");
        return html.ToString();
    }

    private static string Fill(string template, string subject, string body) =>
        // The body last: what it says is not looked through for placeholders.
        template.Replace("{{subject}}", subject.Replace("{{", "{ {", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{{body}}", body, StringComparison.Ordinal);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Load(string name)
    {
        using var stream = typeof(MailLayout).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The template {name} is not part of the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
