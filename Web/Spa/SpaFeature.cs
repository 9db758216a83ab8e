using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Core.Deployments;

namespace Platform.Web.Spa;

internal static class SpaFeature
{
    public static WebApplicationBuilder AddSpa(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SpaOptions>()
            .BindConfiguration(SpaOptions.SectionName)
            .Validate(
                options => Uri.TryCreate(options.ApiBaseUrl, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"),
                $"{SpaOptions.SectionName}:{nameof(SpaOptions.ApiBaseUrl)} must be the http or https address at which browsers reach the Api.")
            .ValidateOnStart();
        builder.Services.AddSingleton<SpaFiles>();
        return builder;
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
