namespace Platform.Web.Sites;

/// <summary>The pages that the host itself shows where a site has none.</summary>
internal static class SitePages
{
    public static readonly string NoSite = Page(
        "There is no site here",
        "No site is published under this address. It may not have been deployed yet, or its name has changed.");

    public static readonly string NoPage = Page("Page not found", "This site has no page with this address.");

    public static async Task WriteAsync(HttpContext context, string page)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static string Page(string title, string text) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{title}}</title>
          <style>
            :root { color-scheme: light dark; }
            body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }
            h1 { font-size: 1.5rem; }
          </style>
        </head>
        <body><main><h1>{{title}}</h1><p>{{text}}</p></main></body>
        </html>
        """;
}
