using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Api.Auth.Tokens;

/// <summary>
/// JWS in compact form (RFC 7515) with HMAC-SHA-256 and nothing else: the algorithm belongs to the key, a token that names another one is
/// no token.
/// </summary>
internal sealed class JsonWebSignature(byte[] key, string? keyId = null)
{
    private const string Algorithm = "HS256";
    private const int MaxLength = 4096;

    private readonly string _header = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        keyId is null
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = Algorithm, ["typ"] = "JWT" }
            : new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = keyId }));

    public string Sign(ReadOnlySpan<byte> payload)
    {
        var input = $"{_header}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>Which key a token says it was signed with; it may say anything. Null: none.</summary>
    public static string? FindKeyId(string token)
    {
        var end = token.IndexOf('.', StringComparison.Ordinal);
        if (token.Length > MaxLength || end < 1 || Decode(token[..end]) is not { } header) return null;
        try
        {
            using var document = JsonDocument.Parse(header);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("kid", out var id)
                && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
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
