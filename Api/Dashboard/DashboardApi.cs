using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;

namespace Platform.Api.Dashboard;

internal static class DashboardApi
{
    public static IHostApplicationBuilder AddDashboard(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<DashboardStats>();
        return builder;
    }

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/dashboard/stats", GetStatsAsync).WithTags("Dashboard").WithName("getDashboardStats")
            .WithSummary("The figures of the dashboard; up to a minute old.").RequireAuthorization().RequireScope(ApiScopes.DeploymentsRead);
        return routes;
    }

    private static async Task<Ok<DashboardStatsResponse>> GetStatsAsync(
        CurrentUser user, IAccessControl access, DashboardStats stats, CancellationToken cancellationToken) =>
        TypedResults.Ok(new DashboardStatsResponse(await stats.GetAsync(await access.FindVisibleOwnersAsync(user, cancellationToken), cancellationToken)));
}
