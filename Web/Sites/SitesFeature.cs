using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.Web.Sites;

internal static class SitesFeature
{
    private const int CacheKilobytes = 64 * 1024;

    public static WebApplicationBuilder AddSites(this WebApplicationBuilder builder)
    {
        builder.AddSiteAddresses();
        builder.AddArtifactStore();
        builder.Services.AddMemoryCache(options => options.SizeLimit = CacheKilobytes);
        builder.Services.AddSingleton<SiteCatalog>();
        builder.Services.AddHostedService<SiteChangeListener>();
        return builder;
    }

    public static WebApplication UseSites(this WebApplication app)
    {
        app.UseMiddleware<SitesMiddleware>();
        return app;
    }
}
