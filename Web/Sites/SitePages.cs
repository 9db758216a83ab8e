using System.Net;
using System.Text;

namespace Platform.Web.Sites;

/// <summary>The pages that the host itself shows where a site has none.</summary>
internal static class SitePages
{
    public static readonly string NoSite = Page(
        "There is no site here",
        "<p>No site is published under this address. It may not have been deployed yet, or its name has changed.</p>");

    public static readonly string NoPage = Page("Page not found", "<p>This site has no page with this address.</p>");

    public static readonly string Unavailable = Page("Not available", "<p>This site cannot be shown at the moment. Please try again soon.</p>");

    public static async Task WriteAsync(HttpContext context, string page, int status)
    {
        var body = Encoding.UTF8.GetBytes(page);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <param name="context">The request.</param>
    /// <param name="next">Where the visitor wanted to go.</param>
    /// <param name="status">The status.</param>
    /// <param name="problem">Why the last attempt was refused.</param>
    public static Task WriteLoginAsync(HttpContext context, string next, int status, string? problem)
    {
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Form realm=\"site\"";
        // The path may hold anything: it stands in an attribute.
        return WriteAsync(context, Page("This site is protected", $"""
            <form method="post" action="{SiteGuard.LoginPath}">
              <p><label for="password">Password</label></p>
              <p><input id="password" name="password" type="password" required autofocus autocomplete="current-password" maxlength="200"{(problem is null ? "" : " aria-describedby=\"problem\" aria-invalid=\"true\"")}></p>
              {(problem is null ? "" : $"<p id=\"problem\" role=\"alert\">{WebUtility.HtmlEncode(problem)}</p>")}
              <input type="hidden" name="next" value="{WebUtility.HtmlEncode(next)}">
              <p><button type="submit">Continue</button></p>
            </form>
            """), status);
    }

    private static string Page(string title, string content) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{title}}</title>
          <style>
            :root { color-scheme: light dark; }
            body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }
            h1 { font-size: 1.5rem; }
            input, button { font: inherit; padding: .5rem .75rem; min-width: 12rem; }
          </style>
        </head>
        <body><main><h1>{{title}}</h1>{{content}}</main></body>
        </html>
        """;
}
