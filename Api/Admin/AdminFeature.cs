using Platform.Api.Common.Validation;

namespace Platform.Api.Admin;

internal static class AdminFeature
{
    public static IHostApplicationBuilder AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<AdminQueries>();
        builder.Services.AddScoped<AccountAdministration>();
        builder.Services.AddValidator<AdminUserQuery, AdminUserQueryValidator>();
        builder.Services.AddValidator<ChangeSiteRoleRequest, ChangeSiteRoleValidator>();
        return builder;
    }
}
