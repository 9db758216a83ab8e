using System.Buffers.Text;
using System.Security.Cryptography;

namespace Platform.Api.Auth.Tokens;

/// <summary>
/// A refresh token: the session's id, a secret, and a code that proves that we made it. The code tells a token that was spent from one
/// that never was ours, however long ago it was spent, so that only real reuse ends a session.
/// </summary>
internal sealed class RefreshToken
{
    private const int IdBytes = 16;
    private const int SecretBytes = 32;
    private const int CodeBytes = 16;

    private readonly byte[] _bytes;

    private RefreshToken(byte[] bytes) => _bytes = bytes;

    public Guid SessionId => new(_bytes.AsSpan(0, IdBytes));

    /// <summary>What the database keeps: SHA-256, hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(_bytes));

    public static RefreshToken Create(byte[] key, Guid sessionId) => Build(key, sessionId, RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>
    /// The token that follows. It is derived, so that two requests with the same token get the same successor and neither is signed out.
    /// </summary>
    public RefreshToken Next(byte[] key) => Build(key, SessionId, HMACSHA256.HashData(key, (byte[])[.. "next"u8, .. _bytes]));

    public static RefreshToken? Parse(byte[] key, string? text)
    {
        if (text is null || !Base64Url.IsValid(text, out var length) || length != IdBytes + SecretBytes + CodeBytes) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        var code = Code(key, bytes.AsSpan(0, IdBytes + SecretBytes));
        return CryptographicOperations.FixedTimeEquals(code, bytes.AsSpan(IdBytes + SecretBytes)) ? new RefreshToken(bytes) : null;
    }

    public override string ToString() => Base64Url.EncodeToString(_bytes);

    private static RefreshToken Build(byte[] key, Guid sessionId, byte[] secret)
    {
        byte[] body = [.. sessionId.ToByteArray(), .. secret];
        return new RefreshToken([.. body, .. Code(key, body)]);
    }

    private static byte[] Code(byte[] key, ReadOnlySpan<byte> body) => HMACSHA256.HashData(key, body)[..CodeBytes];
}
