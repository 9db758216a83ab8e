using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;

namespace Platform.Api.Auth;

/// <summary>Reads the access token: the bearer header first, on sockets <c>?token=</c>, else the cookie.</summary>
internal sealed class PlatformAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AccessTokens tokens,
    AuthCookies cookies,
    ActiveSessions sessions,
    SessionPrincipals principals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Platform";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindToken() is not var (text, method))
        {
            if (ClaimsSession) Context.Features.Set(RefusedSignIn.Instance);
            return AuthenticateResult.NoResult();
        }

        if (await tokens.ReadAsync(text, Context.RequestAborted) is not { } token) return Refuse(method, "The access token is not valid or no longer.");
        if (await sessions.FindAsync(token.SessionId, Context.Connection.RemoteIpAddress, Context.RequestAborted) is not { } session || session.UserId != token.UserId)
            return Refuse(method, "The session has ended.");

        var properties = new AuthenticationProperties { ExpiresUtc = DateTimeOffset.FromUnixTimeSeconds(token.ExpiresAt) };
        return AuthenticateResult.Success(new AuthenticationTicket(principals.Find(token, session, method), properties, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorWriter.WriteAsync(Context, StatusCodes.Status401Unauthorized);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ErrorWriter.WriteAsync(Context, StatusCodes.Status403Forbidden);

    private (string Text, string Method)? FindToken() =>
        ShownToken.Find(Context) ?? (cookies.FindAccessToken(Request) is { Length: > 0 } cookie ? (cookie, PlatformClaims.MethodCookie) : null);

    /// <summary>Only who was signed in has a CSRF token; browsers drop the cookie itself when it is over.</summary>
    private bool ClaimsSession => Request.Headers.ContainsKey(CsrfMiddleware.Header);

    private AuthenticateResult Refuse(string method, string reason)
    {
        if (method != PlatformClaims.MethodCookie || ClaimsSession) Context.Features.Set(RefusedSignIn.Instance);
        return AuthenticateResult.Fail(reason);
    }
}
