using Microsoft.AspNetCore.Routing;

namespace Platform.Core.Jobs;

/// <summary>The dashboard of the packaged engine.</summary>
public static class JobDashboardExtensions
{
    /// <summary>Maps nothing: the built-in engine has no page of its own.</summary>
    public static IEndpointRouteBuilder MapJobDashboard(this IEndpointRouteBuilder endpoints, string authorizationPolicy) => endpoints;
}
