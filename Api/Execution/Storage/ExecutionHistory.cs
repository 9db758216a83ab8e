using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Execution.Storage;

/// <summary>Runs of an owner: the reading side, and deletion.</summary>
internal sealed class ExecutionHistory(PlatformDbContext db, ExecutionViews views, ExecutionProgress progress)
{
    public async Task<HistoryResponse> ListAsync(CurrentUser user, HistoryQuery query, string? language, CancellationToken cancellationToken)
    {
        var found = db.Executions.AsNoTracking().Where(row => row.OwnerId == user.OwnerId);
        if (language is not null) found = found.Where(row => row.Language == language);
        var total = await found.LongCountAsync(cancellationToken);
        var page = query.Paging;
        var rest = query.Cursor is { } text && HistoryCursor.Read(text) is { } cursor
            ? found.Where(row => row.CreatedAt < cursor.CreatedAt || (row.CreatedAt == cursor.CreatedAt && row.Id.CompareTo(cursor.Id) < 0))
            : found;
        var rows = await rest.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id)
            .Skip(query.Cursor is null ? page.Skip : 0).Take(page.Size + 1)
            .Select(row => new { row.Id, row.Language, row.Mode, row.Status, row.Verdict, row.BatchId, row.TimeMs, row.MemoryKb, row.CreatedAt, row.CompletedAt })
            .ToListAsync(cancellationToken);
        var shown = rows.Take(page.Size).ToList();
        return new HistoryResponse(
            [
                .. shown.Select(row => new HistoryItemResponse(
                    row.Id,
                    row.Language,
                    row.Mode,
                    ExecutionViews.Status(row.Status, row.Verdict),
                    row.Status == ExecutionStatus.Completed,
                    row.BatchId,
                    row.TimeMs,
                    row.MemoryKb,
                    row.CreatedAt,
                    row.CompletedAt)),
            ],
            PaginationResponse.Of(page, total),
            rows.Count > shown.Count ? new HistoryCursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null);
    }

    public async Task<ExecutionResponse?> FindAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var row = await db.Executions.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.OwnerId == user.OwnerId, cancellationToken);
        if (row is null) return null;
        return views.Detail(row, progress: row.Status == ExecutionStatus.Queued ? await progress.FindAsync(id) : null);
    }

    public async Task<BatchResponse?> FindBatchAsync(Guid batchId, CurrentUser user, CancellationToken cancellationToken)
    {
        var rows = await db.Executions.AsNoTracking().Where(row => row.BatchId == batchId && row.OwnerId == user.OwnerId)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return rows.Count == 0
            ? null
            : new BatchResponse(batchId, rows.TrueForAll(row => row.Status == ExecutionStatus.Completed), [.. rows.Select(row => views.Detail(row, withRequest: false))]);
    }

    /// <summary>Deletes a run with its source and outputs. One that is not over is ended by the instance that works on it, which finds it gone.</summary>
    public async Task<bool> DeleteAsync(Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        await db.Executions.Where(row => row.Id == id && row.OwnerId == user.OwnerId).ExecuteDeleteAsync(cancellationToken) == 1;

    public Task DeleteAllAsync(CurrentUser user, CancellationToken cancellationToken) =>
        db.Executions.Where(row => row.OwnerId == user.OwnerId).ExecuteDeleteAsync(cancellationToken);
}
