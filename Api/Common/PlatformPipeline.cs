using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Json;
using Platform.Api.Common.Limits;
using Platform.Api.Common.OpenApi;
using Platform.Api.Common.Validation;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Configuration;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Common;

/// <summary>What every request passes, whatever feature it is for.</summary>
internal static class PlatformPipeline
{
    public static IHostApplicationBuilder AddPlatformPipeline(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<RequestOptions>(RequestOptions.SectionName);
        services.AddValidatedOptions<PublicUrlOptions>(PublicUrlOptions.SectionName)
            .Validate(options => IsUrl(options.Frontend), "FRONTEND_URL (PublicUrls:Frontend) must be an http or https URL.")
            .Validate(options => IsUrl(options.App), "APP_URL (PublicUrls:App) must be an http or https URL.");
        services.AddValidatedOptions<RateLimitOptions>(RateLimitOptions.SectionName);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<RequestOptions>>((kestrel, options) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Value.MaxBodyBytes;
        });
        services.AddTrustedProxies(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost);
        services.AddOptions<CorsOptions>().Configure<AllowedOrigins>(AllowFrontends);
        // Bad requests always come as exceptions, so that one place words them.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

        services.AddCors();
        services.AddPlatformJson();
        services.AddPlatformOpenApi();
        services.AddExceptionHandler<PlatformExceptionHandler>();
        services.AddSingleton<UnknownAddresses>();
        services.AddSingleton<AllowedOrigins>();
        services.AddSingleton<RedisGate>();
        services.AddSingleton<RequestLogBudget>();
        services.AddSingleton<RateLimitCounter>();
        services.AddSingleton<RunQuota>();
        services.AddValidator<PageQuery, PageQueryValidator>();
        return builder;
    }

    public static void UsePlatformPipeline(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseMiddleware<RequestLogMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => context.HttpContext.RequestServices.GetRequiredService<UnknownAddresses>().WriteAsync(context.HttpContext));
        app.UseApiReference();
        app.UseRouting();
        app.UseCors();
        app.UseMiddleware<BodyLimitMiddleware>();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseAuthentication();
        // Before authorization: guessing tokens costs as much as anything else.
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<RefusedSignInMiddleware>();
        app.UseMiddleware<CsrfMiddleware>();
        app.UseMiddleware<TokenScopeMiddleware>();
        app.UseAuthorization();
    }

    private static void AllowFrontends(CorsOptions cors, AllowedOrigins origins) => cors.AddDefaultPolicy(policy => policy
        .SetIsOriginAllowed(origins.Contains)
        .AllowCredentials()
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type", CsrfMiddleware.Header, RequestLogMiddleware.Header, "traceparent", "tracestate")
        .WithExposedHeaders(RequestLogMiddleware.Header, "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));

    private static bool IsUrl(string? text) =>
        string.IsNullOrEmpty(text) || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");
}
