using Microsoft.AspNetCore.DataProtection;
using Platform.Api.Common;

namespace Platform.Api.Webhooks;

/// <summary>Makes the secrets of webhooks and keeps them encrypted.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Prefix = "whsec_";
    private readonly IDataProtector _protector = protection.CreateProtector("webhooks.secrets");

    public static string Create() => Prefix + OpaqueToken.Create();

    public string Protect(string secret) => _protector.Protect(secret);

    public string Reveal(string stored) => _protector.Unprotect(stored);
}
