using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;

namespace Platform.Api.Auth;

/// <summary>The two cookies of a signed-in browser.</summary>
internal sealed class AuthCookies(IOptions<AuthOptions> options, IHostEnvironment environment)
{
    public const string RefreshToken = "refresh_token";

    // The refresh token goes nowhere but where it is used.
    private const string RefreshPath = "/api/auth";

    private bool IsSecure => options.Value.SecureCookies ?? !environment.IsDevelopment();

    private string AccessName => IsSecure ? CookieNames.HostPrefix + CookieNames.AccessToken : CookieNames.AccessToken;

    private string RefreshName => IsSecure ? CookieNames.SecurePrefix + RefreshToken : RefreshToken;

    public string? FindAccessToken(HttpRequest request) => request.Cookies[AccessName];

    public string? FindRefreshToken(HttpRequest request) => request.Cookies[RefreshName];

    public void Set(HttpResponse response, SessionTokens tokens)
    {
        response.Cookies.Append(AccessName, tokens.AccessToken, Create("/", tokens.Persistent ? options.Value.AccessTokenLifetime : null));
        response.Cookies.Append(RefreshName, tokens.RefreshToken, Create(RefreshPath, tokens.Persistent ? options.Value.RefreshTokenLifetime : null));
    }

    public void Clear(HttpResponse response)
    {
        response.Cookies.Delete(AccessName, Create("/", null));
        response.Cookies.Delete(RefreshName, Create(RefreshPath, null));
    }

    private CookieOptions Create(string path, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = IsSecure,
        Path = path,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
