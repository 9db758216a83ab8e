using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Caching.Memory;
using Platform.Core.Deployments;

namespace Platform.Web.Sites;

/// <summary>
/// Asks visitors of protected sites for the password. Who knew it gets a signed cookie of this host name alone, which ends with the password:
/// it carries the password's stamp.
/// </summary>
internal sealed class SiteGuard(IDataProtectionProvider protection, IMemoryCache cache, PasswordAttempts attempts, TimeProvider time)
{
    /// <summary>Where the form is sent.</summary>
    public const string LoginPath = "/_autostack/login";

    private const string CookieName = "autostack-visit";
    private const int MaxCookie = 1024;
    private const int MaxForm = 8 * 1024;
    private const int MaxNext = 2000;
    private static readonly TimeSpan VisitLength = TimeSpan.FromDays(7);
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Platform.Sites.Visit.v1").ToTimeLimitedDataProtector();

    /// <summary>The visitor has shown that he knows the password of this site.</summary>
    public bool Admits(HttpContext context, SiteEntry site)
    {
        if (context.Request.Cookies[NameOf(context)] is not { Length: > 0 and <= MaxCookie } cookie) return false;
        var key = ("visit", cookie);
        if (cache.TryGetValue(key, out string? visit)) return visit == VisitOf(site);
        try
        {
            visit = _protector.Unprotect(cookie, out var expires);
            var left = expires - time.GetUtcNow();
            cache.Set(key, visit, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = left < Remembered ? left : Remembered, Size = 1 });
            return visit == VisitOf(site);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Shows the form, or takes what was filled in.</summary>
    public async Task AskAsync(HttpContext context, SiteEntry site)
    {
        var isForm = HttpMethods.IsPost(context.Request.Method) && context.Request.Path == LoginPath;
        if (!isForm)
        {
            var request = context.Request;
            var next = request.Path == LoginPath ? "/" : request.PathBase + request.Path + request.QueryString;
            await SitePages.WriteLoginAsync(context, next, StatusCodes.Status401Unauthorized, null);
            return;
        }

        if (await ReadFormAsync(context) is not { } form)
        {
            await SitePages.WriteLoginAsync(context, "/", StatusCodes.Status400BadRequest, "The form could not be read.");
            return;
        }

        var target = SafeNext(form["next"]);
        if (await attempts.TakeAsync(site.ProjectId, context.Connection.RemoteIpAddress) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await SitePages.WriteLoginAsync(context, target, StatusCodes.Status429TooManyRequests, "Too many attempts. Try again in a minute.");
            return;
        }

        if (!SiteSettingsService.Verify(site.Password!.Hash, form["password"].ToString()))
        {
            await SitePages.WriteLoginAsync(context, target, StatusCodes.Status401Unauthorized, "That is not the password.");
            return;
        }

        Admit(context, site, target);
    }

    private void Admit(HttpContext context, SiteEntry site, string target)
    {
        // No domain attribute: the cookie goes to this very host name.
        context.Response.Cookies.Append(NameOf(context), _protector.Protect(VisitOf(site), VisitLength), new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = VisitLength,
            IsEssential = true,
        });
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = target;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxForm;
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true || context.Request.ContentLength > MaxForm) return null;
        try
        {
            return await context.Request.ReadFormAsync(new FormOptions { BufferBodyLengthLimit = MaxForm, KeyLengthLimit = 64, ValueLengthLimit = MaxForm, ValueCountLimit = 8 }, context.RequestAborted);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A path of this site and nothing else: neither <c>//host</c> nor what browsers make one of.</summary>
    internal static string SafeNext(string? next) =>
        next is { Length: > 0 and <= MaxNext } && next[0] == '/' && !next.StartsWith("//", StringComparison.Ordinal) && !next.Contains('\\', StringComparison.Ordinal)
            && next.All(character => character is > ' ' and <= '~') ? next : "/";

    private static string VisitOf(SiteEntry site) => string.Create(CultureInfo.InvariantCulture, $"{site.ProjectId:N}.{site.Password!.Stamp:N}");

    // Over https the name itself forbids other host names to set it.
    private static string NameOf(HttpContext context) => context.Request.IsHttps ? "__Host-" + CookieName : CookieName;
}
