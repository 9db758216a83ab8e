using Platform.Api.Common.Audit;
using Platform.Api.Common.Validation;

namespace Platform.Api.Audit;

internal static class AuditFeature
{
    public static IHostApplicationBuilder AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<IAuditLog, AuditLog>();
        builder.Services.AddScoped<AuditQueries>();
        builder.Services.AddValidator<AuditQuery, AuditQueryValidator>();
        return builder;
    }
}
