using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Platform.Api.Common;

namespace Platform.Api.Auth.Tokens;

/// <summary>What an access token says.</summary>
internal sealed record AccessToken(
    [property: JsonPropertyName(PlatformClaims.UserId)] Guid UserId,
    [property: JsonPropertyName(PlatformClaims.Email)] string Email,
    [property: JsonPropertyName(PlatformClaims.Name)] string Name,
    [property: JsonPropertyName(PlatformClaims.SessionId)] Guid SessionId,
    [property: JsonPropertyName(PlatformClaims.Role)] string Role,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("exp")] long ExpiresAt);

/// <summary>Issues and reads access tokens.</summary>
internal sealed class AccessTokens(AuthKeys keys, IOptions<AuthOptions> options, TimeProvider time)
{
    private readonly JsonWebSignature _signature = new(keys.Tokens);

    public TimeSpan Lifetime => options.Value.AccessTokenLifetime;

    public string Issue(Guid userId, string email, string name, string role, Guid sessionId)
    {
        var now = time.GetUtcNow();
        var token = new AccessToken(userId, email, name, sessionId, role, now.ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds());
        return _signature.Sign(JsonSerializer.SerializeToUtf8Bytes(token));
    }

    /// <summary>The token when it is ours and not over, else null.</summary>
    public AccessToken? Read(string text)
    {
        if (_signature.Verify(text) is not { } payload) return null;
        try
        {
            var token = JsonSerializer.Deserialize<AccessToken>(payload);
            return token is not null && time.GetUtcNow().ToUnixTimeSeconds() < token.ExpiresAt ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
