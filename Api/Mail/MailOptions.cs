namespace Platform.Api.Mail;

/// <summary>How mails leave.</summary>
internal sealed class MailOptions
{
    public const string SectionName = "Mail";

    /// <summary>Sender of all mails.</summary>
    public string From { get; set; } = "Autostack <no-reply@localhost>";

    /// <summary>Folder that mails are written to as <c>.eml</c> files where no mail server is configured.</summary>
    public string? OutboxPath { get; set; }
}
