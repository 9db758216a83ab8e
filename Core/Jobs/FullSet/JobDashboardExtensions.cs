using Hangfire;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Core.Jobs;

/// <summary>The dashboard of the packaged engine.</summary>
public static class JobDashboardExtensions
{
    /// <summary>Maps <c>/hangfire</c> for those whom the policy lets in, when that engine is in use.</summary>
    public static IEndpointRouteBuilder MapJobDashboard(this IEndpointRouteBuilder endpoints, string authorizationPolicy)
    {
        if (endpoints.ServiceProvider.GetService<JobStorage>() is not null)
        {
            endpoints.MapHangfireDashboardWithAuthorizationPolicy(authorizationPolicy, "/hangfire");
        }

        return endpoints;
    }
}
