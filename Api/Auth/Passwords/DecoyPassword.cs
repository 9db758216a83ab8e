using Microsoft.AspNetCore.Identity;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Passwords;

/// <summary>A hash that nothing matches: checking against it takes as long as checking a real one, so time does not tell which addresses exist.</summary>
internal sealed class DecoyPassword(IPasswordHasher<PlatformUser> hasher)
{
    private static readonly PlatformUser Nobody = new() { Name = "" };
    private readonly string _hash = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    public void Verify(string password) => hasher.VerifyHashedPassword(Nobody, _hash, password);
}
