using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Common;

/// <summary>Tokens that are handed out once and looked up by their hash.</summary>
internal static class OpaqueToken
{
    /// <summary>256 random bits, fit for an address.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the database keeps: SHA-256, hexadecimal. The token is random, so nothing slower is needed.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
