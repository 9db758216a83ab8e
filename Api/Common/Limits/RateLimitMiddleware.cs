using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Common.Limits;

/// <summary>Applies the general rule to the whole Api and an endpoint's own rule before it.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitCounter counter, IOptionsMonitor<RateLimitOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<ApiEndpointMetadata>() is null)
        {
            await next(context);
            return;
        }

        var own = endpoint.Metadata.GetMetadata<RateLimitMetadata>();
        var isDelivery = own?.Policy == RateLimitPolicy.Webhooks;
        var tightest = await CountAsync(context, isDelivery ? RateLimitPolicy.Webhooks : RateLimitPolicy.General);
        // A refusal by the general rule costs nothing of the endpoint's own.
        if (tightest.Allowed && own is not null && !isDelivery && AppliesTo(context, own.Policy))
        {
            var state = await CountAsync(context, own.Policy);
            if (!state.Allowed || state.Remaining < tightest.Remaining) tightest = state;
        }

        var standing = new RateLimitStanding(tightest);
        context.Features.Set(standing);
        context.Response.OnStarting(() =>
        {
            standing.WriteTo(context.Response.Headers);
            return Task.CompletedTask;
        });
        if (tightest.Allowed)
        {
            await next(context);
            return;
        }

        await ErrorWriter.WriteAsync(context, StatusCodes.Status429TooManyRequests);
    }

    private static bool AppliesTo(HttpContext context, RateLimitPolicy policy) =>
        // What is refused is no run, and must not use up those of its neighbours.
        policy != RateLimitPolicy.AnonymousRuns || (RunQuota.AppliesTo(context) && context.Features.Get<RefusedSignIn>() is null);

    private ValueTask<RateLimitState> CountAsync(HttpContext context, RateLimitPolicy policy)
    {
        var current = options.CurrentValue;
        return policy switch
        {
            RateLimitPolicy.General => counter.CountAsync(policy, current.General, Caller(context)),
            RateLimitPolicy.Auth => counter.CountAsync(policy, current.Auth, Address(context)),
            RateLimitPolicy.Deployments => counter.CountAsync(policy, current.Deployments, Caller(context)),
            RateLimitPolicy.Webhooks => counter.CountAsync(policy, current.Webhooks, Address(context)),
            RateLimitPolicy.AnonymousRuns => counter.CountAsync(policy, current.AnonymousRuns, Address(context)),
            _ => throw new InvalidOperationException($"The rate limit {policy} has no rule."),
        };
    }

    private static string Caller(HttpContext context) => context.User switch
    {
        KnownPrincipal { Partition: { } partition } => partition,
        var principal when CurrentUser.From(principal) is { } user => KnownPrincipal.PartitionOf(user),
        _ => Address(context),
    };

    internal static string Address(HttpContext context) => $"ip:{ClientNetwork.Of(context.Connection.RemoteIpAddress)}";
}

internal static class RateLimitConventions
{
    /// <summary>Puts the endpoint, or all of a group, under a rule beside the general one.</summary>
    public static TBuilder WithRateLimit<TBuilder>(this TBuilder builder, RateLimitPolicy policy)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RateLimitMetadata(policy));
}
