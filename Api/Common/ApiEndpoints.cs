using Microsoft.AspNetCore.Http.Metadata;
using Platform.Api.Common.Http;
using Platform.Api.Common.Validation;

namespace Platform.Api.Common;

/// <summary>Marks what belongs to the Api: rate limits and the error envelope apply there.</summary>
internal sealed class ApiEndpointMetadata
{
    public static ApiEndpointMetadata Instance { get; } = new();
}

internal static class ApiEndpoints
{
    /// <summary>The group that all features map into: validation, limits and documented errors for every endpoint.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithMetadata(ApiEndpointMetadata.Instance).WithValidation();
        // Last, when each endpoint knows whether it is anonymous.
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status429TooManyRequests));
            endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status500InternalServerError));
            if (endpoint.Metadata.OfType<IAcceptsMetadata>().Any()) endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status400BadRequest));
            // Also where everybody is let in: a token that is shown must be valid.
            if (!endpoint.Metadata.OfType<IgnoresSignIn>().Any()) endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status401Unauthorized));
            if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 }) endpoint.Metadata.Add(new ProducesErrorMetadata(StatusCodes.Status404NotFound));
        });
        return group;
    }

    /// <summary>Documents refusals of the handler beside those that every endpoint has.</summary>
    public static RouteHandlerBuilder ProducesError(this RouteHandlerBuilder route, params ReadOnlySpan<int> statusCodes)
    {
        foreach (var statusCode in statusCodes) route.WithMetadata(new ProducesErrorMetadata(statusCode));
        return route;
    }
}
