using Platform.Api.Common.Audit;

namespace Platform.Api.Audit;

internal static class AuditFeature
{
    public static IHostApplicationBuilder AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<IAuditLog, AuditLog>();
        return builder;
    }
}
