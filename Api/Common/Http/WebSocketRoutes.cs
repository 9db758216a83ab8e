using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Http;

/// <summary>Marks a route that speaks WebSocket: only there is <c>?token=</c> a way to sign in.</summary>
internal sealed class WebSocketRouteMetadata
{
    public static WebSocketRouteMetadata Instance { get; } = new();
}

internal static class WebSocketRoutes
{
    /// <summary>
    /// For every route that upgrades: others get 426, <c>?token=</c> is taken, a browser that is signed in by cookie must come from an
    /// allowed origin, since the same-origin policy does not cover sockets, and the connection ends when what signed it in has ended.
    /// </summary>
    public static RouteHandlerBuilder AsWebSocketRoute(this RouteHandlerBuilder route) =>
        route.WithMetadata(WebSocketRouteMetadata.Instance).AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (!http.WebSockets.IsWebSocketRequest) return Error(StatusCodes.Status426UpgradeRequired);
            var byCookie = http.User.HasClaim(PlatformClaims.Method, PlatformClaims.MethodCookie);
            return byCookie && !http.RequestServices.GetRequiredService<AllowedOrigins>().Allows(http.Request)
                ? ApiErrors.Forbidden(ErrorCodes.OriginNotAllowed, "This origin may not open sockets here.")
                : await ServeAsync(context, next);
        });

    private static async ValueTask<object?> ServeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (CurrentUser.From(http.User) is not { } user) return await next(context);
        using var ended = new CancellationTokenSource();
        http.Features.Set(new SignInEnd(ended.Token));
        using var followed = http.RequestServices.GetRequiredService<ISocketWatch>().Follow(user, ended, http.Abort);
        return await next(context);
    }

    private static ErrorResult Error(int status)
    {
        var (code, message) = ErrorCodes.ForStatus(status);
        return new ErrorResult(status, code, message);
    }
}
