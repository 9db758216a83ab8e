using Microsoft.Net.Http.Headers;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Where the worker that leased a run connects back to. Only the run's own token opens it.</summary>
internal static class RunCallback
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    public static async Task ServeAsync(Guid id, HttpContext context, PendingRuns pending, CancellationToken cancellationToken)
    {
        if (!context.WebSockets.IsWebSocketRequest || pending.Find(id) is not { } run || !IsAuthorized(context, run))
        {
            // The same answer whether the run is unknown, over, or somebody else's.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive * 2 });
        await run.ServeAsync(socket, cancellationToken);
    }

    private static bool IsAuthorized(HttpContext context, PendingRun run)
    {
        var parts = context.Request.Headers[HeaderNames.Authorization].ToString().Split(' ', 2);
        return parts is [RunChannel.AuthorizationScheme, var token] && run.IsToken(token);
    }
}
