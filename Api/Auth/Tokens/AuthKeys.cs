using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;

namespace Platform.Api.Auth.Tokens;

/// <summary>The keys made of the configured secrets: one for each use, so that nothing signed for one purpose serves another.</summary>
internal sealed partial class AuthKeys : ICsrfTokens
{
    private readonly byte[] _csrf;

    public AuthKeys(IOptions<AuthOptions> options, ILogger<AuthKeys> logger)
    {
        var configured = options.Value.JwtSecret;
        // Start-up validation lets this through in Development only.
        if (configured is null) Log.GeneratedSecret(logger);
        Tokens = configured is null ? RandomNumberGenerator.GetBytes(AuthOptions.MinSecretBytes) : Encoding.UTF8.GetBytes(configured);
        Refresh = options.Value.RefreshTokenSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : Derive("refresh"u8);
        _csrf = Derive("csrf"u8);
        MailCodes = Derive("mail-codes"u8);
    }

    /// <summary>The configured key: it signs until the first key of <see cref="SigningKeys"/> does, and verifies while it is configured.</summary>
    public byte[] Tokens { get; }

    public byte[] Refresh { get; }

    /// <summary>Hashes the short codes in mails.</summary>
    public byte[] MailCodes { get; }

    /// <summary>The token that a session's page sends with requests that change something.</summary>
    public string CsrfToken(Guid sessionId) => Base64Url.EncodeToString(HMACSHA256.HashData(_csrf, sessionId.ToByteArray()));

    public bool IsCsrfToken(Guid sessionId, string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CsrfToken(sessionId)), Encoding.UTF8.GetBytes(text));

    private byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Tokens, key, [], purpose);
        return key;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "JWT_SECRET is not set: tokens are signed with a secret that ends with this process")]
        public static partial void GeneratedSecret(ILogger logger);
    }
}
