using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;

namespace Platform.Api.Notifications;

internal static class NotificationsApi
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

    // No scope: what people are told is nothing for programs.
    public static IEndpointRouteBuilder MapNotifications(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/notifications").WithTags("Notifications").RequireAuthorization();
        group.MapGet("", ListAsync).WithName("listNotifications").WithSummary("The notifications of the account, newest first.");
        group.MapGet("/unread", CountUnreadAsync).WithName("countUnreadNotifications").WithSummary("How many notifications are not read.");
        group.MapPost("/read", ReadAllAsync).WithName("readNotifications").WithSummary("Marks all notifications as read, or those up to a number.");
        group.MapPost("/{id:guid}/read", ReadAsync).WithName("readNotification").WithSummary("Marks a notification as read.");
        group.MapDelete("", DeleteAllAsync).WithName("deleteNotifications").WithSummary("Deletes all notifications.");
        group.MapDelete("/{id:guid}", DeleteAsync).WithName("deleteNotification").WithSummary("Deletes a notification.");
        group.MapGet("/stream", StreamAsync).WithName("streamNotifications")
            .WithSummary("Follows notifications and their unread count over a WebSocket, from a number on.").AsWebSocketRoute();
        return routes;
    }

    private static async Task<Ok<NotificationListResponse>> ListAsync(
        [AsParameters] NotificationQuery query, CurrentUser user, NotificationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(user.Id, query, cancellationToken));

    private static async Task<Ok<UnreadResponse>> CountUnreadAsync(CurrentUser user, NotificationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new UnreadResponse(await store.CountUnreadAsync(user.Id, cancellationToken)));

    private static async Task<Ok<ReadNotificationsResponse>> ReadAllAsync(
        ReadNotificationsRequest request, CurrentUser user, NotificationStore store, CancellationToken cancellationToken)
    {
        var updated = await store.ReadAllAsync(user.Id, request.UpTo, cancellationToken);
        return TypedResults.Ok(new ReadNotificationsResponse(updated, await store.CountUnreadAsync(user.Id, cancellationToken)));
    }

    private static async Task<Results<NoContent, ErrorResult>> ReadAsync(Guid id, CurrentUser user, NotificationStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(user.Id, id, cancellationToken) ? TypedResults.NoContent() : NotFound(id);

    private static async Task<NoContent> DeleteAllAsync(CurrentUser user, NotificationStore store, CancellationToken cancellationToken)
    {
        await store.DeleteAllAsync(user.Id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ErrorResult>> DeleteAsync(Guid id, CurrentUser user, NotificationStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(user.Id, id, cancellationToken) ? TypedResults.NoContent() : NotFound(id);

    private static async Task<EmptyHttpResult> StreamAsync(
        [AsParameters] NotificationStreamQuery query, CurrentUser user, HttpContext context, NotificationStreamServices services)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        await new NotificationStream(socket, user, services).RunAsync(query.After, SignInEnd.Of(context), stopping.Token);
        return TypedResults.Empty;
    }

    private static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("NOTIFICATION_NOT_FOUND", $"Notification with ID '{id}' not found");
}
