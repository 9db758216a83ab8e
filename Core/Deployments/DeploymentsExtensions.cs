using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Core.Deployments.Domains;
using Platform.Core.Deployments.Logs;

namespace Platform.Core.Deployments;

public static class DeploymentsExtensions
{
    private const string DefaultWebPort = "8080";

    /// <summary>Registers what the Api and the build worker agree on about deployments: addresses of sites, accepted sources, encrypted environments.</summary>
    public static TBuilder AddDeploymentContracts<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var development = builder.Environment.IsDevelopment();
        builder.AddSiteAddresses();
        builder.Services.AddOptions<SourceOptions>()
            .BindConfiguration(SourceOptions.SectionName)
            .PostConfigure(options =>
            {
                options.AllowFiles ??= development;
                options.AllowPrivateHosts ??= development;
                options.SamplesPath = InstallationRoot.Resolve(builder.Environment.ContentRootPath, options.SamplesPath);
                options.ArchivePath = InstallationRoot.Resolve(builder.Environment.ContentRootPath, options.ArchivePath);
            });
        builder.Services.AddDataProtection();
        builder.Services.AddSingleton<DeploymentEnvironment>();
        builder.Services.AddSingleton<PlatformLines>();
        builder.AddSiteServices();
        builder.Services.AddSingleton<ISourceArchives, DiskSourceArchives>();
        return builder;
    }

    /// <summary>Registers what moves, keeps and configures sites; needs the stores' clients and the event bus.</summary>
    public static TBuilder AddSiteServices<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddOptions<RetentionOptions>()
            .BindConfiguration(RetentionOptions.SectionName)
            .ValidateDataAnnotations()
            .Validate(options => options.Interval > TimeSpan.Zero, $"{RetentionOptions.SectionName}:{nameof(RetentionOptions.Interval)} must be longer than nothing.")
            .ValidateOnStart();
        services.TryAddSingleton<SiteProduction>();
        services.TryAddSingleton<SiteRetention>();
        services.TryAddSingleton<SiteTrafficStore>();
        services.TryAddSingleton<IDomainResolver, DnsResolver>();
        services.TryAddScoped<SiteDomains>();
        services.TryAddScoped<SiteSettingsService>();
        services.TryAddSingleton(provider => new ReservedHosts(OwnHosts(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IOptions<SiteOptions>>().Value, provider.GetRequiredService<SiteAddresses>())));
        return builder;
    }

    private static IEnumerable<string> OwnHosts(IConfiguration configuration, SiteOptions options, SiteAddresses addresses)
    {
        string?[] own = [configuration["PublicUrls:App"], configuration["PublicUrls:Frontend"], configuration["Spa:ApiBaseUrl"]];
        return own.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : "")
            .Concat(options.ReservedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(SiteAddresses.NormalizeHost)
            .Append(addresses.Domain).Append("localhost");
    }

    /// <summary>Registers the addresses of sites.</summary>
    public static TBuilder AddSiteAddresses<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<SiteOptions>()
            .BindConfiguration(SiteOptions.SectionName)
            .PostConfigure<IConfiguration>((options, configuration) =>
            {
                if (options.BaseUrl.Length == 0) options.BaseUrl = $"http://apps.localhost:{configuration["WEB_PORT"] ?? DefaultWebPort}";
            })
            .Validate(
                options => Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"),
                $"{SiteOptions.SectionName}:{nameof(SiteOptions.BaseUrl)} must be an http or https address, such as http://apps.localhost:8080.")
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new SiteAddresses(services.GetRequiredService<IOptions<SiteOptions>>().Value));
        return builder;
    }
}
