using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Api.Auth.Tokens;

/// <summary>
/// JWS in compact form (RFC 7515) with HMAC-SHA-256 and nothing else: the algorithm belongs to the key, a token that names another one is
/// no token.
/// </summary>
internal sealed class JsonWebSignature(byte[] key)
{
    private const string Algorithm = "HS256";
    private const int MaxLength = 4096;
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public string Sign(ReadOnlySpan<byte> payload)
    {
        var input = $"{Header}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>The payload of a token whose signature holds, else null.</summary>
    public byte[]? Verify(string token)
    {
        if (token.Length > MaxLength) return null;
        var parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature) return null;

        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"));
        return CryptographicOperations.FixedTimeEquals(expected, signature) && IsOurs(header) ? payload : null;
    }

    private static bool IsOurs(byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("alg", out var algorithm)
                && algorithm.ValueKind == JsonValueKind.String
                && algorithm.GetString() == Algorithm
                // Whoever signs extensions that must be understood means a reader that we are not.
                && !root.TryGetProperty("crit", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
