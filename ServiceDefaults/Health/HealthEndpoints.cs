using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health", new() { ResponseWriter = WriteAsync }).AllowAnonymous();
        routes.MapHealthChecks("/alive", new() { Predicate = check => check.Tags.Contains("live"), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    /// <summary>Names and states only: the endpoint is public, and an error text can carry addresses.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new HealthResponse(
                Name(report.Status),
                report.Entries.ToDictionary(entry => entry.Key, entry => Name(entry.Value.Status))),
            context.RequestAborted);

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };

    private sealed record HealthResponse(string Status, IReadOnlyDictionary<string, string> Checks);
}
