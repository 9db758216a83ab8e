using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Platform.Core.Artifacts;
using Platform.Core.Data;
using Platform.Core.Deployments;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Http;
using Platform.Web.Files;

namespace Platform.Web.Sites;

internal static class SitesFeature
{
    private const int CacheKilobytes = 64 * 1024;

    // What a client that does not read may hold of this process's memory.
    private const int ResponseBuffer = 256 * 1024;

    public static WebApplicationBuilder AddSites(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSiteAddresses();
        builder.AddSiteServices();
        builder.AddArtifactStore();
        services.AddPlatformDataProtection();
        // Never the host: which site is asked for is said by the Host header alone.
        services.AddTrustedProxies(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
        services.AddOptions<SiteHostOptions>()
            .BindConfiguration(SiteHostOptions.SectionName)
            .ValidateDataAnnotations()
            .Validate(
                options => options.Freshness > TimeSpan.Zero && options.TrafficInterval > TimeSpan.Zero && options.DomainInterval > TimeSpan.Zero,
                $"{SiteHostOptions.SectionName}: intervals must be longer than nothing.")
            .ValidateOnStart();
        services.AddMemoryCache(options => options.SizeLimit = CacheKilobytes);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SiteHostOptions>>().Value;
            return new BodyCache(options.CacheBytes, options.LargestCachedFile);
        });
        services.AddSingleton<FileResponder>();
        services.AddSingleton<SiteTraffic>();
        services.AddSingleton<SiteLookup>();
        services.AddSingleton<SiteCatalog>();
        services.AddSingleton<RedisGate>();
        services.AddSingleton<PasswordAttempts>();
        services.AddSingleton<SiteGuard>();
        services.AddHostedService<SiteChangeListener>();
        services.AddSingleton<SiteTrafficWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<SiteTrafficWriter>());
        services.AddHostedService<DomainWatch>();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxResponseBufferSize = ResponseBuffer;
        });
        // Nearly all requests are answered without waiting: handing each to another thread costs more than answering it.
        builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
        return builder;
    }

    public static WebApplication UseSites(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseMiddleware<SitesMiddleware>();
        return app;
    }
}
