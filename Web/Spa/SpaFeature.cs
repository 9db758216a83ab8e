using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Deployments;

namespace Platform.Web.Spa;

internal static class SpaFeature
{
    private const string DefaultApiPort = "8081";

    public static WebApplicationBuilder AddSpa(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SpaOptions>()
            .BindConfiguration(SpaOptions.SectionName)
            .PostConfigure<IConfiguration>((options, configuration) =>
            {
                if (options.ApiBaseUrl.Length == 0) options.ApiBaseUrl = LocalApi(configuration);
            })
            .Validate(
                options => Uri.TryCreate(options.ApiBaseUrl, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"),
                $"{SpaOptions.SectionName}:{nameof(SpaOptions.ApiBaseUrl)} must be the http or https address at which browsers reach the Api.")
            .ValidateOnStart();
        builder.Services.AddSingleton<SpaFiles>();
        return builder;
    }

    /// <summary>Cookies belong to a host name: the page and the Api must use the same one, whatever address this process reaches the Api at.</summary>
    private static string LocalApi(IConfiguration configuration)
    {
        var port = configuration["API_PORT"];
        if (port is null && Uri.TryCreate(configuration[$"services:{ResourceNames.Api}:http:0"], UriKind.Absolute, out var address)) port = address.Port.ToString(CultureInfo.InvariantCulture);
        return $"http://localhost:{port ?? DefaultApiPort}";
    }

    public static WebApplication UseSpa(this WebApplication app)
    {
        app.MapGet("/config.json", GetConfig);
        app.UseMiddleware<SpaMiddleware>();
        return app;
    }

    private static JsonHttpResult<SpaConfigResponse> GetConfig(HttpContext context, IOptions<SpaOptions> options, SiteAddresses sites)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Json(new SpaConfigResponse(options.Value.ApiBaseUrl, sites.Authority));
    }
}

internal sealed record SpaConfigResponse(string ApiBaseUrl, string SitesDomain);
