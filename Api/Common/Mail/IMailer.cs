namespace Platform.Api.Common.Mail;

/// <summary>Sends mails to people.</summary>
internal interface IMailer
{
    /// <summary>Hands the mail over; it survives this process and is sent soon, whoever asked need not wait for a mail server.</summary>
    /// <param name="to">The address.</param>
    /// <param name="content">What it says.</param>
    /// <param name="cancellationToken">Stops handing it over.</param>
    Task SendAsync(string to, MailContent content, CancellationToken cancellationToken);
}

/// <summary>What a mail says; one layout makes HTML and text of it.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Paragraphs">Plain text; the layout escapes it.</param>
internal sealed record MailContent(string Subject, params IReadOnlyList<string> Paragraphs)
{
    /// <summary>A short code to type in, shown large.</summary>
    public string? Code { get; init; }

    /// <summary>The one thing to click.</summary>
    public MailLink? Link { get; init; }

    /// <summary>Small print, such as what to do when it was not you.</summary>
    public string? Note { get; init; }
}

internal sealed record MailLink(string Text, Uri Url);
