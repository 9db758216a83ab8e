using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Http;

/// <summary>Marks a route that speaks WebSocket: only there is <c>?token=</c> a way to sign in.</summary>
internal sealed class WebSocketRouteMetadata
{
    public static WebSocketRouteMetadata Instance { get; } = new();
}

/// <summary>Feature of a request that a session made: whether that one still lives. A socket outlives the look at its token.</summary>
internal interface ISessionLife
{
    ValueTask<bool> IsLiveAsync(CancellationToken cancellationToken);
}

internal static class WebSocketRoutes
{
    /// <summary>How long an open socket may go on after its session was ended.</summary>
    internal static readonly TimeSpan LifeCheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For every route that upgrades: others get 426, <c>?token=</c> is taken, and a browser that is signed in by cookie must come from an
    /// allowed origin, since the same-origin policy does not cover sockets.
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
        if (http.Features.Get<ISessionLife>() is not { } session) return await next(context);
        using var served = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var watching = WatchAsync(http, session, served.Token);
        try
        {
            return await next(context);
        }
        finally
        {
            await served.CancelAsync();
            await watching;
        }
    }

    private static async Task WatchAsync(HttpContext http, ISessionLife session, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LifeCheckInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (await IsOverAsync(session, cancellationToken)) http.Abort();
            }
        }
        catch (OperationCanceledException)
        {
            // Served to its end.
        }
    }

    private static async Task<bool> IsOverAsync(ISessionLife session, CancellationToken cancellationToken)
    {
        try
        {
            return !await session.IsLiveAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away; that ends nobody's session.
            return false;
        }
    }

    private static ErrorResult Error(int status)
    {
        var (code, message) = ErrorCodes.ForStatus(status);
        return new ErrorResult(status, code, message);
    }
}
