using Microsoft.AspNetCore.Authentication;
using Platform.Api.Auth;
using Platform.Api.Common.Validation;
using Platform.ServiceDefaults.Configuration;

namespace Platform.Api.ApiTokens;

internal static class ApiTokensFeature
{
    public static IHostApplicationBuilder AddApiTokens(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<ApiTokenOptions>(ApiTokenOptions.SectionName);
        services.AddValidator<CreateApiTokenRequest, CreateApiTokenValidator>();
        services.AddScoped<ApiTokenService>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiTokenAuthenticationHandler>(ApiTokenAuthenticationHandler.SchemeName, null);
        // One scheme stands at every door; it sends API tokens on to theirs.
        services.Configure<AuthenticationSchemeOptions>(
            PlatformAuthenticationHandler.SchemeName,
            options => options.ForwardDefaultSelector = context =>
                ApiTokenAuthenticationHandler.FindToken(context) is null ? null : ApiTokenAuthenticationHandler.SchemeName);
        return builder;
    }
}
