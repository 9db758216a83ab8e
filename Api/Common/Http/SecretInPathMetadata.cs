namespace Platform.Api.Common.Http;

/// <summary>Marks a route whose address carries a secret, such as a mailed token: logs and traces get its pattern instead.</summary>
internal sealed class SecretInPathMetadata
{
    public static SecretInPathMetadata Instance { get; } = new();

    /// <summary>The path as it may be written down.</summary>
    public static string Describe(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<SecretInPathMetadata>() is not null
            ? $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}"
            : context.Request.Path.ToString();
}
