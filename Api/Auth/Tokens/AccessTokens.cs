using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Platform.Api.Common;

namespace Platform.Api.Auth.Tokens;

/// <summary>What an access token says: the claims of the contract, the session, and the registered claims of RFC 7519.</summary>
internal sealed record AccessToken(
    [property: JsonPropertyName(PlatformClaims.UserId)] Guid UserId,
    [property: JsonPropertyName(PlatformClaims.Email)] string Email,
    [property: JsonPropertyName(PlatformClaims.Name)] string Name,
    [property: JsonPropertyName(PlatformClaims.SessionId)] Guid SessionId,
    [property: JsonPropertyName(PlatformClaims.Role)] string Role,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("exp")] long ExpiresAt,
    [property: JsonPropertyName("iss")] string Issuer,
    [property: JsonPropertyName("aud")] string Audience,
    [property: JsonPropertyName("jti")] Guid Id);

/// <summary>
/// Issues and reads access tokens. That a signature holds is remembered for a few seconds; whether the token is over and its session lives is asked
/// with every request.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<AuthOptions> options, TimeProvider time) : IDisposable
{
    public const string Issuer = "autostack";
    public const string Audience = "autostack-api";

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public TimeSpan Lifetime => options.Value.AccessTokenLifetime;

    public string Issue(Guid userId, string email, string name, string role, Guid sessionId)
    {
        var now = time.GetUtcNow();
        var token = new AccessToken(
            userId, email, name, sessionId, role, now.ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds(), Issuer, Audience, Guid.CreateVersion7(now));
        return keys.Current.Sign(JsonSerializer.SerializeToUtf8Bytes(token));
    }

    /// <summary>The token when it is ours and not over, else null.</summary>
    public async ValueTask<AccessToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (!_verified.TryGetValue(text, out AccessToken? token))
        {
            token = await VerifyAsync(text, cancellationToken);
            if (token is not null) _verified.Set(text, token, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Memory, Size = 1 });
        }

        return token is not null && time.GetUtcNow().ToUnixTimeSeconds() < token.ExpiresAt ? token : null;
    }

    public void Dispose() => _verified.Dispose();

    private async ValueTask<AccessToken?> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(JsonWebSignature.FindKeyId(text), cancellationToken) is not { } key || key.Verify(text) is not { } payload) return null;
        try
        {
            return JsonSerializer.Deserialize<AccessToken>(payload) is { Issuer: Issuer, Audience: Audience } token ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
