using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>Issues and reads access tokens.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<AuthOptions> options, TimeProvider time)
{
    public const string Issuer = "autostack";
    public const string Audience = "autostack-api";

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
        if (await keys.FindAsync(JsonWebSignature.FindKeyId(text), cancellationToken) is not { } key || key.Verify(text) is not { } payload) return null;
        try
        {
            var token = JsonSerializer.Deserialize<AccessToken>(payload);
            return token is { Issuer: Issuer, Audience: Audience } && time.GetUtcNow().ToUnixTimeSeconds() < token.ExpiresAt ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
