using Microsoft.AspNetCore.Authorization;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Http;

namespace Platform.Api.Access;

internal static class AccessFeature
{
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<IAccessControl, OwnerAccess>();
        builder.Services.AddSingleton<IAccessWatch, AccessWatch>();
        builder.Services.AddSingleton<SocketWatch>();
        builder.Services.AddSingleton<ISocketWatch>(services => services.GetRequiredService<SocketWatch>());
        builder.Services.AddHostedService(services => services.GetRequiredService<SocketWatch>());
        builder.Services.AddScoped<IAuthorizationHandler, AdministratorHandler>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(PlatformPolicies.Admin, policy => policy.RequireAuthenticatedUser().AddRequirements(new AdministratorRequirement()));
        return builder;
    }
}
