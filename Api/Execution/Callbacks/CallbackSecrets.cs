using Microsoft.AspNetCore.DataProtection;

namespace Platform.Api.Execution.Callbacks;

/// <summary>Keeps the secrets of callbacks encrypted.</summary>
internal sealed class CallbackSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("executions.callbacks");

    public string Protect(string secret) => _protector.Protect(secret);

    public string Reveal(string stored) => _protector.Unprotect(stored);
}
