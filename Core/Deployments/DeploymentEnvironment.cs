using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Platform.Core.Deployments;

/// <summary>Encrypts and decrypts the environment variables of builds, as projects and deployments store them.</summary>
public sealed class DeploymentEnvironment(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Platform.Deployments.Environment.v1");

    /// <summary>The stored form; null when there are no variables.</summary>
    public string? Protect(IReadOnlyDictionary<string, string> variables) =>
        variables.Count == 0 ? null : _protector.Protect(JsonSerializer.Serialize(variables));

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys of this installation did not write it.</exception>
    public IReadOnlyDictionary<string, string> Unprotect(string? stored) => stored is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize<Dictionary<string, string>>(_protector.Unprotect(stored)) ?? [];
}
