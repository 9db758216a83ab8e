using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Platform.Api.Common.Mail;

namespace Platform.Api.Mail;

/// <summary>A mail as it waits.</summary>
internal sealed record SealedMail(string To, MailContent Content);

/// <summary>The wish for a mail as it waits.</summary>
internal sealed record SealedRequest(string Purpose, string Address);

/// <summary>Encrypts what waits: whoever reads the table, or a backup of it, learns neither addresses nor codes.</summary>
internal sealed class MailSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Platform.Mail.Outbox");

    public string Close<T>(T content) => _protector.Protect(JsonSerializer.Serialize(content));

    public T Open<T>(string text) =>
        JsonSerializer.Deserialize<T>(_protector.Unprotect(text)) ?? throw new InvalidOperationException("A mail without content.");
}
