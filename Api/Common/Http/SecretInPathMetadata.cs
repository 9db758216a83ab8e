using Microsoft.AspNetCore.Diagnostics;

namespace Platform.Api.Common.Http;

/// <summary>Marks a route whose address is a secret, such as a link that only those have who were given it: logs and traces get its pattern instead.</summary>
internal sealed class SecretInPathMetadata
{
    public static SecretInPathMetadata Instance { get; } = new();

    /// <summary>The path as it may be written down.</summary>
    public static string Describe(HttpContext context) =>
        // What handles exceptions takes the endpoint away and keeps it.
        (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<SecretInPathMetadata>() is not null
            ? $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}"
            : context.Request.Path.ToString();
}
