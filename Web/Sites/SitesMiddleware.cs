using Platform.Core.Deployments;
using Platform.Web.Files;

namespace Platform.Web.Sites;

/// <summary>
/// Answers for the host names of published sites; everything else passes. The common case, a small file of a known site, is answered without
/// waiting: no scope, no query, no copy of headers.
/// </summary>
internal sealed partial class SitesMiddleware(
    RequestDelegate next, SiteCatalog catalog, SiteLookup lookup, SiteGuard guard, FileResponder responder, SiteAddresses addresses, ILogger<SitesMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        // The header as it came: Kestrel hands out the same text for each request of a connection.
        if (context.Request.Headers.Host is not [{ Length: > 0 } host]) return next(context);
        return catalog.TryFind(host, out var site) ? ServeAsync(context, site) : FindAsync(context, host);
    }

    private async Task FindAsync(HttpContext context, string host)
    {
        SiteEntry site;
        try
        {
            site = await catalog.FindAsync(host, context.RequestAborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.LookupFailed(logger, host, exception);
            if (!addresses.TryRead(context.Request.Host.Host, out _)) await next(context);
            else await SitePages.WriteAsync(context, SitePages.Unavailable, StatusCodes.Status503ServiceUnavailable);
            return;
        }

        await ServeAsync(context, site);
    }

    private Task ServeAsync(HttpContext context, SiteEntry site)
    {
        if (!site.IsOurs) return next(context);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Copies of a deployment at its own address must not compete with the production address in search engines.
        if (site.IsPreview) headers["X-Robots-Tag"] = "noindex";
        var answering = AnswerAsync(context, site);
        if (site.Counter is null) return answering;
        if (!answering.IsCompletedSuccessfully) return CountAsync(answering, context, site.Counter);
        Count(context, site.Counter);
        return Task.CompletedTask;
    }

    private Task AnswerAsync(HttpContext context, SiteEntry site)
    {
        if (site.Password is not null && (context.Request.Path == SiteGuard.LoginPath || !guard.Admits(context, site))) return guard.AskAsync(context, site);
        if (!FileResponder.AcceptsMethod(context)) return Task.CompletedTask;
        if (site.Content is null) return SitePages.WriteAsync(context, SitePages.NoSite, StatusCodes.Status404NotFound);
        var path = context.Request.Path.Value ?? "/";
        var page = site.Content.Find(path, context.Request.QueryString.Value ?? "");
        return page.MayBeRetired && site.AssetWindow > TimeSpan.Zero ? AnswerRetiredAsync(context, site, path, page) : SendAsync(context, site, page, site.Modified);
    }

    /// <summary>The page of a visitor may be of an earlier deployment: its scripts stay for a while.</summary>
    private async Task AnswerRetiredAsync(HttpContext context, SiteEntry site, string path, SitePage page)
    {
        var retired = await lookup.FindRetiredAsync(site, path, context.RequestAborted);
        if (retired is var (found, modified)) await SendAsync(context, site, found, modified);
        else await SendAsync(context, site, page, site.Modified);
    }

    private Task SendAsync(HttpContext context, SiteEntry site, SitePage page, Timestamp? modified)
    {
        switch (page.Answer.Kind)
        {
            case SiteAnswerKind.File:
                if (page.Answer.Status == StatusCodes.Status200OK) (page.Cell ??= site.Counter!.CellOf(page.Answer.Target!)).Add(1);
                return responder.RespondAsync(context, page.File!, new FileAnswer(page.Answer.Status, modified, page.Headers, site.Password is not null));
            case SiteAnswerKind.Redirect:
                context.Response.StatusCode = page.Answer.Status;
                context.Response.Headers.Location = page.Answer.Target;
                context.Response.Headers.CacheControl = site.Password is null ? CacheControls.Revalidate : CacheControls.Private;
                return Task.CompletedTask;
            case SiteAnswerKind.NotFound:
            default:
                return SitePages.WriteAsync(context, SitePages.NoPage, StatusCodes.Status404NotFound);
        }
    }

    private static async Task CountAsync(Task answering, HttpContext context, SiteCounter counter)
    {
        try
        {
            await answering;
        }
        finally
        {
            Count(context, counter);
        }
    }

    /// <summary>Bytes are those that the answer has, also when the visitor leaves before the end.</summary>
    private static void Count(HttpContext context, SiteCounter counter)
    {
        var response = context.Response;
        counter.Count(response.StatusCode, HttpMethods.IsHead(context.Request.Method) ? 0 : response.ContentLength ?? 0);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not look up {Host}")]
        public static partial void LookupFailed(ILogger logger, string host, Exception exception);
    }
}
