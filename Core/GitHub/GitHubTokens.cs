using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Platform.Core.GitHub;

/// <summary>Encrypts and decrypts tokens of connected GitHub accounts, as <c>github_connections</c> stores them.</summary>
public sealed class GitHubTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Platform.GitHub.Tokens.v1");

    /// <summary>The stored form.</summary>
    public string Protect(string token) => _protector.Protect(token);

    /// <summary>Null when the keys of this installation did not write it.</summary>
    public string? Unprotect(string stored)
    {
        try
        {
            return _protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
