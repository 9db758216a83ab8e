using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;

namespace Platform.Api.Auth;

/// <summary>The two cookies of a signed-in browser.</summary>
internal sealed class AuthCookies(IOptions<AuthOptions> options, IHostEnvironment environment)
{
    public const string RefreshToken = "refresh_token";

    // The refresh token goes nowhere but where it is used.
    private const string RefreshPath = "/api/auth";

    public void Set(HttpResponse response, SessionTokens tokens)
    {
        response.Cookies.Append(CookieNames.AccessToken, tokens.AccessToken, Create("/", tokens.Persistent ? options.Value.AccessTokenLifetime : null));
        response.Cookies.Append(RefreshToken, tokens.RefreshToken, Create(RefreshPath, tokens.Persistent ? options.Value.RefreshTokenLifetime : null));
    }

    public void Clear(HttpResponse response)
    {
        response.Cookies.Delete(CookieNames.AccessToken, Create("/", null));
        response.Cookies.Delete(RefreshToken, Create(RefreshPath, null));
    }

    private CookieOptions Create(string path, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = options.Value.SecureCookies ?? !environment.IsDevelopment(),
        Path = path,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
