using FluentValidation;

namespace Platform.Api.Notifications;

/// <param name="Unread">Only those that are not read; else all.</param>
/// <param name="Cursor">The nextCursor of the page before.</param>
/// <param name="Limit">Up to 100, else 20.</param>
internal sealed record NotificationQuery(bool? Unread, long? Cursor, int? Limit);

internal sealed class NotificationQueryValidator : AbstractValidator<NotificationQuery>
{
    public const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public NotificationQueryValidator()
    {
        RuleFor(query => query.Cursor).GreaterThan(0);
        RuleFor(query => query.Limit).InclusiveBetween(1, MaxLimit);
    }
}

/// <param name="After">Only those with a higher number; left out: only new ones.</param>
internal sealed record NotificationStreamQuery(long? After);

internal sealed class NotificationStreamQueryValidator : AbstractValidator<NotificationStreamQuery>
{
    public NotificationStreamQueryValidator() => RuleFor(query => query.After).GreaterThanOrEqualTo(0);
}

/// <param name="UpTo">The number of the newest one that was seen: later ones stay unread. Left out: all.</param>
internal sealed record ReadNotificationsRequest(long? UpTo);

internal sealed class ReadNotificationsRequestValidator : AbstractValidator<ReadNotificationsRequest>
{
    public ReadNotificationsRequestValidator() => RuleFor(request => request.UpTo).GreaterThan(0);
}

/// <param name="NextCursor">For the next page; null: this is the last one.</param>
/// <param name="Unread">How many are not read, of all.</param>
internal sealed record NotificationListResponse(IReadOnlyList<NotificationResponse> Notifications, long? NextCursor, int Unread);

/// <param name="Seq">Its number, rising.</param>
/// <param name="Type"><c>deployment.succeeded</c>, <c>deployment.failed</c>, <c>invitation.received</c>, <c>invitation.accepted</c>, <c>security</c>, <c>webhook.disabled</c>.</param>
/// <param name="Link">The page of the application that shows more, as a path.</param>
/// <param name="Data">Facts for programs, such as <c>deploymentId</c>.</param>
internal sealed record NotificationResponse(
    Guid Id, long Seq, string Type, string Title, string Message, string? Link, IReadOnlyDictionary<string, string?> Data, bool Read, DateTimeOffset Timestamp);

internal sealed record UnreadResponse(int Unread);

internal sealed record ReadNotificationsResponse(int Updated, int Unread);

/// <summary>A frame of the stream.</summary>
internal abstract record NotificationFrame(string Type);

/// <param name="Unread">How many are not read now.</param>
/// <param name="Seq">The number of the newest that this stream has taken account of: <c>after</c> of the next connection.</param>
internal sealed record UnreadFrame(int Unread, long Seq) : NotificationFrame("unread");

internal sealed record NewNotificationFrame(long Seq, NotificationResponse Notification) : NotificationFrame("notification");
