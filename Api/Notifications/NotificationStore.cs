using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Notifications;

/// <summary>A person's notifications: reading, marking, deleting.</summary>
internal sealed class NotificationStore(PlatformDbContext database, TimeProvider time)
{
    public async Task<NotificationListResponse> ListAsync(Guid userId, NotificationQuery query, CancellationToken cancellationToken)
    {
        var limit = query.Limit ?? NotificationQueryValidator.DefaultLimit;
        var rows = Of(userId).AsNoTracking();
        if (query.Unread == true) rows = rows.Where(row => row.ReadAt == null);
        if (query.Cursor is { } cursor) rows = rows.Where(row => row.Seq < cursor);
        var found = await rows.OrderByDescending(row => row.Seq).Take(limit + 1).ToListAsync(cancellationToken);
        var page = found.Take(limit).Select(ToResponse).ToList();
        return new NotificationListResponse(page, found.Count > limit ? page[^1].Seq : null, await CountUnreadAsync(userId, cancellationToken));
    }

    public async Task<IReadOnlyList<NotificationResponse>> ListAfterAsync(Guid userId, long seq, int limit, CancellationToken cancellationToken) =>
        [.. (await Of(userId).AsNoTracking().Where(row => row.Seq > seq).OrderBy(row => row.Seq).Take(limit).ToListAsync(cancellationToken)).Select(ToResponse)];

    public Task<long> FindLastSeqAsync(Guid userId, CancellationToken cancellationToken) =>
        database.NotificationCounters.Where(row => row.UserId == userId).Select(row => row.LastSeq).FirstOrDefaultAsync(cancellationToken);

    public Task<int> CountUnreadAsync(Guid userId, CancellationToken cancellationToken) =>
        Of(userId).CountAsync(row => row.ReadAt == null, cancellationToken);

    /// <summary>False: there is no such notification. Marking a read one again changes nothing.</summary>
    public async Task<bool> ReadAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        if (await MarkAsync(userId, Of(userId).Where(row => row.Id == id), cancellationToken) > 0) return true;
        return await Of(userId).AnyAsync(row => row.Id == id, cancellationToken);
    }

    public Task<int> ReadAllAsync(Guid userId, long? upTo, CancellationToken cancellationToken) =>
        MarkAsync(userId, Of(userId).Where(row => upTo == null || row.Seq <= upTo), cancellationToken);

    public async Task<bool> DeleteAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        if (await Of(userId).Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) == 0) return false;
        await database.SignalNotificationsAsync(userId, cancellationToken);
        return true;
    }

    public async Task DeleteAllAsync(Guid userId, CancellationToken cancellationToken)
    {
        await Of(userId).ExecuteDeleteAsync(cancellationToken);
        await database.SignalNotificationsAsync(userId, cancellationToken);
    }

    private async Task<int> MarkAsync(Guid userId, IQueryable<Notification> rows, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var marked = await rows.Where(row => row.ReadAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), cancellationToken);
        // Other open pages count down as well.
        if (marked > 0) await database.SignalNotificationsAsync(userId, cancellationToken);
        return marked;
    }

    private IQueryable<Notification> Of(Guid userId) => database.Notifications.Where(row => row.UserId == userId);

    private static NotificationResponse ToResponse(Notification row) => new(
        row.Id,
        row.Seq,
        row.Type,
        row.Title,
        row.Message,
        row.Link,
        JsonSerializer.Deserialize<Dictionary<string, string?>>(row.Data) ?? [],
        row.ReadAt is not null,
        row.CreatedAt);
}
