using Platform.Core.Artifacts;
using Platform.Core.Deployments;
using Platform.Web.Files;

namespace Platform.Web.Sites;

/// <summary>Answers for the host names of published sites; everything else passes.</summary>
internal sealed class SitesMiddleware(RequestDelegate next, SiteAddresses addresses, SiteCatalog catalog, IArtifactStore artifacts)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!addresses.TryRead(context.Request.Host.Host, out var host))
        {
            await next(context);
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!FileResponder.AcceptsMethod(context)) return;
        var site = await catalog.FindAsync(host, context.RequestAborted);
        if (site is null)
        {
            await SitePages.WriteAsync(context, SitePages.NoSite);
            return;
        }

        // Copies of a deployment at its own address must not compete with the production address in search engines.
        if (host.DeploymentId is not null) context.Response.Headers["X-Robots-Tag"] = "noindex";
        await RespondAsync(context, site);
    }

    private Task RespondAsync(HttpContext context, PublishedSite site)
    {
        var answer = SiteRouter.Route(site.Manifest, context.Request.Path.Value ?? "/");
        switch (answer.Kind)
        {
            case SiteAnswerKind.Redirect:
                context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
                // The path starts with one slash, so it cannot become another host's address.
                context.Response.Headers.Location = Escape(answer.Path!) + context.Request.QueryString;
                context.Response.Headers.CacheControl = CacheControls.Revalidate;
                return Task.CompletedTask;
            case SiteAnswerKind.File:
                return FileResponder.RespondAsync(context, Serve(answer));
            case SiteAnswerKind.CustomNotFound:
                return FileResponder.RespondAsync(context, Serve(answer), StatusCodes.Status404NotFound);
            case SiteAnswerKind.NotFound:
            default:
                return SitePages.WriteAsync(context, SitePages.NoPage);
        }
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private ServedFile Serve(SiteAnswer answer)
    {
        var file = answer.File!;
        return new ServedFile(
            file.Sha256,
            file.Size,
            file.ContentType,
            HashedName.Matches(answer.Path!) ? CacheControls.Immutable : CacheControls.Revalidate,
            file.Encodings,
            (encoding, cancellationToken) => artifacts.OpenAsync(encoding is null ? file.Sha256 : $"{file.Sha256}.{encoding}", cancellationToken));
    }
}
