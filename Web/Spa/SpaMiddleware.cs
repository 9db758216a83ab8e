using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Platform.Web.Files;

namespace Platform.Web.Spa;

/// <summary>Serves the built client; every route of the application is its one page.</summary>
internal sealed class SpaMiddleware(RequestDelegate next, SpaFiles files, FileResponder responder, IOptions<SpaOptions> options)
{
    private const string NotBuilt = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Autostack</title></head>
        <body><main><h1>The web client has not been built</h1><p>Run <code>./platform up</code>: it builds the client and starts everything.</p></main></body>
        </html>
        """;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not null)
        {
            await next(context);
            return;
        }

        HideShareLink(context);
        if (!FileResponder.AcceptsMethod(context)) return;
        SetHeaders(context);
        var path = (context.Request.Path.Value ?? "/").TrimStart('/');
        if (path.Length > 0 && files.Find(path) is { } file)
        {
            await responder.RespondAsync(context, file);
            return;
        }

        // A route of the application never looks like a file: a missing script must not answer with a page.
        if (path.StartsWith("assets/", StringComparison.Ordinal) || Path.HasExtension(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await RespondWithPageAsync(context);
    }

    /// <summary>Whoever has the address of a shared snippet may see it: a trace keeps its pattern instead.</summary>
    private static void HideShareLink(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/s", out var rest) && rest.HasValue)
            context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("url.path", "/s/{shareId}");
    }

    private async Task RespondWithPageAsync(HttpContext context)
    {
        if (files.Index is { } index)
        {
            await responder.RespondAsync(context, index);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/html; charset=utf-8";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.WriteAsync(NotBuilt, context.RequestAborted);
    }

    private void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = files.ContentSecurityPolicy(options.Value.ApiBaseUrl);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
    }
}
