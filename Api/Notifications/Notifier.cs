using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Notifications;
using Platform.Core.Data;

namespace Platform.Api.Notifications;

/// <summary>Writes to <c>notifications</c> by the request's own connection: somebody is told exactly when what it is about was committed.</summary>
internal sealed class Notifier(PlatformDbContext database, TimeProvider time) : INotifier
{
    /// <summary>How many a person keeps; the oldest go.</summary>
    public const int Kept = 500;

    private const int MaxTitle = 200;
    private const int MaxMessage = 1000;

    public async Task<bool> NotifyAsync(Guid userId, NewNotification notification, CancellationToken cancellationToken) =>
        await database.InTransactionAsync(token => AddAsync(userId, notification, token), cancellationToken);

    private async Task<bool> AddAsync(Guid userId, NewNotification notification, CancellationToken cancellationToken)
    {
        var (now, data) = (time.GetUtcNow(), JsonSerializer.Serialize(notification.Data));
        var (title, message) = (Cut(notification.Title, MaxTitle), Cut(notification.Message, MaxMessage));
        // The counter's row is held until the commit: numbers become visible in their order.
        var added = await database.Database.ExecuteSqlAsync(
            $"""
             WITH counted AS (
                 INSERT INTO notification_counters AS counter (user_id, last_seq) SELECT id, 1 FROM users WHERE id = {userId}
                 ON CONFLICT (user_id) DO UPDATE SET last_seq = counter.last_seq + 1 RETURNING user_id, last_seq
             )
             INSERT INTO notifications (id, user_id, seq, type, title, message, link, data, dedupe_key, created_at)
             SELECT {Guid.CreateVersion7(now)}, user_id, last_seq, {notification.Type}, {title}, {message}, {notification.Link}, {data}::jsonb, {notification.Key}, {now} FROM counted
             ON CONFLICT (user_id, dedupe_key) DO NOTHING
             """,
            cancellationToken) == 1;
        if (!added) return false;
        await database.Database.ExecuteSqlAsync(
            $"DELETE FROM notifications WHERE user_id = {userId} AND seq <= (SELECT last_seq FROM notification_counters WHERE user_id = {userId}) - {Kept}",
            cancellationToken);
        await database.SignalNotificationsAsync(userId, cancellationToken);
        return true;
    }

    // What it speaks of was written by people: PostgreSQL refuses NUL.
    private static string Cut(string text, int length) => (text.Length <= length ? text : text[..(length - 1)] + "…").Replace("\0", "", StringComparison.Ordinal);
}
