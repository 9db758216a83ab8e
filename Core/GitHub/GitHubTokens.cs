using Microsoft.AspNetCore.DataProtection;

namespace Platform.Core.GitHub;

/// <summary>Encrypts and decrypts the tokens of connected GitHub accounts, as <c>github_connections</c> stores them.</summary>
public sealed class GitHubTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Platform.GitHub.Tokens.v1");

    /// <summary>The stored form.</summary>
    public string Protect(string token) => _protector.Protect(token);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys of this installation did not write it.</exception>
    public string Unprotect(string stored) => _protector.Unprotect(stored);
}
