namespace Platform.Core.Data.Entities;

/// <summary>A mail, or the wish for one, that waits to be sent. What it says is encrypted, and gone once it was sent.</summary>
public sealed class Mail
{
    public Guid Id { get; set; }

    /// <summary>See <see cref="MailKind"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>Protected by Data Protection: recipient and text carry codes and links. Empty once nobody needs it.</summary>
    public required string Content { get; set; }

    public int Attempts { get; set; }

    /// <summary>When it may be tried; while somebody tries, when their claim ends.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>Kind of the last failure; never what the mail says.</summary>
    public string? Error { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What a row of <c>mails</c> is.</summary>
public static class MailKind
{
    /// <summary>A mail that is written.</summary>
    public const string Mail = "mail";

    /// <summary>Somebody asked for a mail to an address; whether there is an account is looked up later, off the request.</summary>
    public const string Request = "request";
}
