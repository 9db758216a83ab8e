using System.Runtime.CompilerServices;
using System.Security.Claims;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;

namespace Platform.Api.Auth.Tokens;

/// <summary>
/// The principal of a token, made anew when something that it is made of has changed. Requests share it, so nobody may change it; it lives as long as
/// the token is remembered.
/// </summary>
internal sealed class SessionPrincipals
{
    private readonly ConditionalWeakTable<AccessToken, Made> _made = [];

    /// <param name="token">Whose signature holds.</param>
    /// <param name="session">What is true of its session now.</param>
    /// <param name="method">How the token was shown.</param>
    public KnownPrincipal Find(AccessToken token, LiveSession session, string method)
    {
        if (_made.TryGetValue(token, out var made) && made.Method == method && made.Session == session) return made.Principal;
        made = new Made(session, method, Make(token, session, method));
        _made.AddOrUpdate(token, made);
        return made.Principal;
    }

    private static KnownPrincipal Make(AccessToken token, LiveSession session, string method)
    {
        List<Claim> claims =
        [
            new(PlatformClaims.UserId, token.UserId.ToString()),
            new(PlatformClaims.Email, token.Email),
            new(PlatformClaims.Name, token.Name),
            new(PlatformClaims.SessionId, token.SessionId.ToString()),
            // As it is now: the token may be older than the last change of it.
            new(PlatformClaims.Role, session.Role),
            new(PlatformClaims.Method, method),
        ];
        if (!session.EmailVerified) claims.Add(new Claim(PlatformClaims.Unverified, "true"));
        return new KnownPrincipal(new ClaimsIdentity(claims, PlatformAuthenticationHandler.SchemeName, PlatformClaims.Name, PlatformClaims.Role));
    }

    private sealed record Made(LiveSession Session, string Method, KnownPrincipal Principal);
}
