using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Platform.Api.Auth;
using Platform.Api.Common;

namespace Platform.Api.GitHub;

/// <summary>Who began an installation, in which session, and where they want to come back to.</summary>
internal sealed record InstallationBegin(Guid UserId, Guid SessionId, string ReturnUrl, string Nonce, DateTimeOffset Until);

/// <summary>What travels through GitHub: protected, and bound to the browser by a cookie, so that nobody finishes what somebody else began.</summary>
internal sealed class InstallationState(IDataProtectionProvider protection, IOptions<AuthOptions> options, IHostEnvironment environment, TimeProvider time)
{
    public const string CookieName = "github_app_state";

    // Long enough to read what the App asks for, and to look for somebody who may say yes.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Platform.GitHubApp.State.v1");

    public string Begin(CurrentUser caller, string returnUrl, HttpResponse response)
    {
        var begin = new InstallationBegin(caller.Id, caller.SessionId, returnUrl, OpaqueToken.Create(), time.GetUtcNow() + Lifetime);
        response.Cookies.Append(CookieName, begin.Nonce, Cookie(Lifetime));
        return _protector.Protect(JsonSerializer.Serialize(begin));
    }

    /// <summary>What was begun in this browser, once; null: it was not, or too long ago.</summary>
    public InstallationBegin? End(string? state, HttpContext context)
    {
        var nonce = context.Request.Cookies[CookieName];
        context.Response.Cookies.Delete(CookieName, Cookie(null));
        if (string.IsNullOrEmpty(state) || string.IsNullOrEmpty(nonce) || Read(state) is not { } begin) return null;
        return begin.Until > time.GetUtcNow() && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(begin.Nonce)) ? begin : null;
    }

    private InstallationBegin? Read(string state)
    {
        try
        {
            return JsonSerializer.Deserialize<InstallationBegin>(_protector.Unprotect(state));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private CookieOptions Cookie(TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = options.Value.SecureCookies ?? !environment.IsDevelopment(),
        Path = GitHubAppApi.Path,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
