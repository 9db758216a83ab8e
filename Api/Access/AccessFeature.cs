using Platform.Api.Common.Access;

namespace Platform.Api.Access;

internal static class AccessFeature
{
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<IAccessControl, OwnerAccess>();
        return builder;
    }
}
