using Microsoft.AspNetCore.Authorization;
using Platform.Api.Common;
using Platform.Api.Common.Access;

namespace Platform.Api.Access;

internal static class AccessFeature
{
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<IAccessControl, OwnerAccess>();
        builder.Services.AddSingleton<IAccessWatch, AccessWatch>();
        builder.Services.AddScoped<IAuthorizationHandler, AdministratorHandler>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(PlatformPolicies.Admin, policy => policy.RequireAuthenticatedUser().AddRequirements(new AdministratorRequirement()));
        return builder;
    }
}
