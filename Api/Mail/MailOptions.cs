using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Mail;

/// <summary>How mails leave.</summary>
internal sealed class MailOptions
{
    public const string SectionName = "Mail";

    /// <summary>Sender of all mails (<c>SMTP_FROM</c>).</summary>
    [Required]
    public string From { get; set; } = "Autostack <no-reply@localhost>";

    /// <summary>Folder that mails are written to as <c>.eml</c> files where no mail server is configured; null: in the temporary directory.</summary>
    public string? OutboxPath { get; set; }

    /// <summary>How often a mail is tried before it is given up.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>Delay before the second attempt; doubled for each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest delay between two attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the sender looks by itself, beside being told of new mails.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the mail server may take for one mail.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long rows of sent mails are kept, without what they said.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}

/// <summary>The mail server (<c>SMTP_HOST</c>, <c>SMTP_PORT</c>, <c>SMTP_USER</c>, <c>SMTP_PASS</c>).</summary>
internal sealed class SmtpOptions
{
    public const string SectionName = "Smtp";

    /// <summary>Null: mails go to the folder.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Encrypt by STARTTLS, and do not send to a server that cannot. Off is for a relay on the same machine.</summary>
    public bool StartTls { get; set; } = true;

    public bool IsConfigured => !string.IsNullOrEmpty(Host);
}
