using Microsoft.AspNetCore.Authentication;

namespace Platform.Api.Common.Http;

/// <summary>The token that a request shows on purpose: by its bearer header or, on sockets, by <c>?token=</c>. A cookie comes by itself.</summary>
internal static class ShownToken
{
    private const string Scheme = "Bearer";

    /// <summary>Null: the request shows none. The text may be empty, as of a client whose variable is.</summary>
    public static (string Text, string Method)? Find(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString().AsSpan().Trim();
        // A bad header is not mended by a good cookie: the caller meant the header.
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (header.Length == Scheme.Length || header[Scheme.Length] == ' '))
            return (header[Scheme.Length..].Trim().ToString(), "bearer");
        return context.GetEndpoint()?.Metadata.GetMetadata<WebSocketRouteMetadata>() is not null && context.Request.Query["token"].ToString() is { Length: > 0 } query
            ? (query, "query")
            : null;
    }
}

/// <summary>The caller showed who they are, and it is not valid or no longer: a feature of such a request.</summary>
internal sealed class RefusedSignIn
{
    public static RefusedSignIn Instance { get; } = new();
}

/// <summary>
/// Refuses a token that is not valid where everybody is let in as well: who shows one means somebody, and must not be served as nobody. A
/// stale cookie is served as nobody, except where the request claims a session by its CSRF token.
/// </summary>
internal sealed class RefusedSignInMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<RefusedSignIn>() is null || context.GetEndpoint() is not { } endpoint) return next(context);
        return endpoint.Metadata.GetMetadata<ApiEndpointMetadata>() is null || endpoint.Metadata.GetMetadata<IgnoresSignIn>() is not null
            ? next(context)
            : context.ChallengeAsync();
    }
}

/// <summary>
/// Marks endpoints that do not act on who is signed in, such as sign-up, login and refresh: a cookie needs no CSRF token there, and what is
/// shown beside it may be stale.
/// </summary>
internal sealed class IgnoresSignIn
{
    public static IgnoresSignIn Instance { get; } = new();
}
