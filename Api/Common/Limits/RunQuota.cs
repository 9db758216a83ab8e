using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Limits;

/// <summary>
/// The quota of runs of callers without an account or with one whose address is not proven. A request counts as one run before anybody has read
/// it; one that asks for more is counted for the rest of them here.
/// </summary>
internal sealed class RunQuota(RateLimitCounter counter, IOptionsMonitor<RateLimitOptions> options)
{
    public static bool AppliesTo(HttpContext context) =>
        context.User.Identity?.IsAuthenticated != true || context.User.HasClaim(claim => claim.Type == PlatformClaims.Unverified);

    /// <returns>The refusal of a request that needs <paramref name="runs"/> runs, or null: they are counted, or the caller has no such quota.</returns>
    public async Task<ErrorResult?> RefuseAsync(HttpContext context, int runs)
    {
        if (runs <= 1 || !AppliesTo(context)) return null;
        var state = await counter.CountAsync(
            RateLimitPolicy.AnonymousRuns, options.CurrentValue.AnonymousRuns, RateLimitMiddleware.Address(context), cost: runs - 1);
        context.Features.Get<RateLimitStanding>()?.Add(state);
        if (state.Allowed) return null;
        var status = StatusCodes.Status429TooManyRequests;
        var (code, message) = ErrorCodes.ForStatus(status);
        return new ErrorResult(status, code, message);
    }
}
