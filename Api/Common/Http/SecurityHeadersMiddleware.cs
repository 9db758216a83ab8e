namespace Platform.Api.Common.Http;

/// <summary>Headers of every answer: nothing of the Api is to be rendered, framed, sniffed or kept by a shared cache.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next, IHostEnvironment environment)
{
    private const string Closed = "default-src 'none'; frame-ancestors 'none'";

    // The reference page is the one page that is rendered; its user interface writes style attributes.
    private const string Docs = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // Made once: a request only says that it is to be called.
    private readonly Func<object, Task> _write = new SecurityHeaders(environment.IsDevelopment()).WriteAsync;

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(_write, context);
        return next(context);
    }

    private sealed class SecurityHeaders(bool isDevelopment)
    {
        public Task WriteAsync(object state)
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            var page = context.Features.Get<IPagePolicy>();
            // The older header knows no list: for such a page its policy alone says who may frame it.
            if (page is null) headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            // The application may stand on another port or subdomain, and shows pictures from here; pages say themselves who may frame them.
            headers["Cross-Origin-Resource-Policy"] = page is null ? "same-site" : "cross-origin";
            // A page that is rendered brings a policy of its own.
            if (page is not null) headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
            else if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(ApiDocs.Path) ? Docs : Closed;
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            if (context.Request.IsHttps && !isDevelopment) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return Task.CompletedTask;
        }
    }
}
