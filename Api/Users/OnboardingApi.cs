using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;

namespace Platform.Api.Users;

internal static class OnboardingApi
{
    public static IEndpointRouteBuilder MapOnboarding(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/user/onboarding").WithTags("User").RequireAuthorization();
        group.MapGet("", GetAsync).WithName("getOnboarding").WithSummary("What the person has told after signing up, and what comes next.");
        group.MapPut("", PutAsync).WithName("putOnboarding").WithSummary("Takes one or several steps: user type, hosting option, hosting target, in this order.");
        return routes;
    }

    private static async Task<Ok<OnboardingResponse>> GetAsync(CurrentUser caller, OnboardingService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(await service.GetAsync(caller.Id, cancellationToken));

    private static async Task<Results<Ok<OnboardingResponse>, ErrorResult>> PutAsync(
        UpdateOnboardingRequest request, CurrentUser caller, OnboardingService service, CancellationToken cancellationToken)
    {
        if (await service.UpdateAsync(caller.Id, request, cancellationToken) is { } failure) return failure;
        return TypedResults.Ok(await service.GetAsync(caller.Id, cancellationToken));
    }
}
