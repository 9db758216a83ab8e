using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Execution.Storage;

/// <summary>
/// The rows of runs without a waiting caller. They are their own queue: an instance takes rows under a lease by the database's clock and renews
/// it; what a dead instance leaves is taken by another.
/// </summary>
internal sealed class ExecutionStore(PlatformDbContext db, IOptions<AsyncOptions> options)
{
    // Rows that are worked on come first in an owner's line, so that the places left over are what the others may have. Those that wait for
    // an image take none; as many of them hold back what else the owner has in their language: it could only wait as well.
    private const string Waiting = """
        WITH unfinished AS (
            SELECT id, owner_id, language, created_at, awaits_image, COALESCE(lease_until > now(), FALSE) AS held
            FROM executions WHERE status <> 'completed'),
        counted AS (
            SELECT *, count(*) FILTER (WHERE held AND awaits_image) OVER (PARTITION BY owner_id, language) AS waiting FROM unfinished)
        SELECT line.id AS "Value" FROM (
            SELECT id, created_at, held, row_number() OVER (PARTITION BY owner_id ORDER BY held DESC, created_at, id) AS place
            FROM counted WHERE CASE WHEN held THEN NOT awaits_image ELSE waiting < {0} END) AS line
        WHERE NOT line.held AND line.place <= {0}
        ORDER BY line.place, line.created_at LIMIT {1}
        """;

    // Only who finds the row free takes it: two instances may have read the same ids. Each taking has a name of its own, so that one that was lost
    // can do nothing to the next, even of the same instance.
    private const string Take = """
        UPDATE executions SET lease_owner = gen_random_uuid(), lease_until = now() + {0}, attempts = attempts + 1, status = 'queued', awaits_image = FALSE
        WHERE id = ANY({1}) AND status <> 'completed' AND (lease_until IS NULL OR lease_until <= now())
        RETURNING *
        """;

    private const string Renew = """
        UPDATE executions SET lease_until = now() + {0}
        WHERE id = ANY({1}) AND lease_owner = ANY({2}) AND status <> 'completed'
        RETURNING lease_owner AS "Lease", cancel_requested AS "CancelRequested"
        """;

    private const string Release = """
        UPDATE executions SET lease_until = NULL, status = 'queued', attempts = attempts - 1
        WHERE id = {0} AND lease_owner = {1} AND status <> 'completed'
        """;

    private const string Advance = """
        UPDATE executions SET status = {2}, awaits_image = FALSE, started_at = COALESCE(started_at, now())
        WHERE id = {0} AND lease_owner = {1} AND status <> 'completed'
        """;

    private const string Wait = """
        UPDATE executions SET awaits_image = TRUE
        WHERE id = {0} AND lease_owner = {1} AND status <> 'completed'
        """;

    private const string Finish = """
        UPDATE executions SET status = 'completed', verdict = {2}, result = {3}, time_ms = {4}, memory_kb = {5}, lease_until = NULL, completed_at = now(),
               callback_state = CASE WHEN callback_url IS NOT NULL THEN 'pending' END, callback_next_at = CASE WHEN callback_url IS NOT NULL THEN now() END
        WHERE id = {0} AND status <> 'completed' AND
        """;

    private const string Mine = " lease_owner = {1}";

    private const string FreeOfOwner = " owner_id = {1} AND (lease_until IS NULL OR lease_until <= now())";

    public async Task<IReadOnlyList<StoredExecution>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var ids = await db.Database.SqlQueryRaw<Guid>(Waiting, options.Value.PerOwner, most).ToListAsync(cancellationToken);
        if (ids.Count == 0) return [];
        return await db.Executions.FromSqlRaw(Take, options.Value.Lease, ids.ToArray()).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>Which of the leases still hold, and whether their runs are to end.</summary>
    public Task<List<RenewedLease>> RenewAsync(IReadOnlyCollection<(Guid Id, Guid Lease)> held, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<RenewedLease>(
            Renew, options.Value.Lease, held.Select(entry => entry.Id).ToArray(), held.Select(entry => entry.Lease).ToArray()).ToListAsync(cancellationToken);

    /// <summary>Gives back what was not finished: others need not wait for the lease, and it does not count as an attempt.</summary>
    public Task ReleaseAsync(Guid id, Guid lease, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(Release, [id, lease], cancellationToken);

    public Task SetStatusAsync(Guid id, Guid lease, string status, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(Advance, [id, lease, status], cancellationToken);

    /// <summary>It waits for its image, until the next stage.</summary>
    public Task SetWaitingAsync(Guid id, Guid lease, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(Wait, [id, lease], cancellationToken);

    /// <returns>False when the run has been taken by another, is over, or deleted.</returns>
    public async Task<bool> FinishAsync(Guid id, Guid lease, FinishedExecution finished, CancellationToken cancellationToken) =>
        await FinishAsync(Finish + Mine, id, lease, finished, cancellationToken) == 1;

    /// <summary>Takes a run back. One that nobody works on is over at once; of any other its instance learns at the next renewal.</summary>
    public async Task CancelAsync(Guid id, Guid ownerId, FinishedExecution cancelled, CancellationToken cancellationToken)
    {
        if (await FinishAsync(Finish + FreeOfOwner, id, ownerId, cancelled, cancellationToken) > 0) return;
        await db.Executions.Where(row => row.Id == id && row.OwnerId == ownerId && row.Status != ExecutionStatus.Completed)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CancelRequested, true), cancellationToken);
    }

    public Task<int> CountUnfinishedAsync(Guid ownerId, CancellationToken cancellationToken) =>
        db.Executions.CountAsync(row => row.OwnerId == ownerId && row.Status != ExecutionStatus.Completed, cancellationToken);

    public async Task AddAsync(IEnumerable<StoredExecution> rows, CancellationToken cancellationToken)
    {
        db.Executions.AddRange(rows);
        await db.SaveChangesAsync(cancellationToken);
    }

    private Task<int> FinishAsync(string sql, Guid id, Guid who, FinishedExecution finished, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(sql, [id, who, finished.Verdict, finished.Result, finished.TimeMs, finished.MemoryKb], cancellationToken);
}

/// <summary>A lease that was renewed.</summary>
internal sealed record RenewedLease(Guid Lease, bool CancelRequested);

/// <summary>The end of a run, as it is stored.</summary>
internal sealed record FinishedExecution(string Verdict, byte[] Result, double TimeMs, long MemoryKb)
{
    public static FinishedExecution Of(ExecuteResponse response, ExecutionPayloads payloads) =>
        new(ExecutionViews.Word(response.Status), payloads.Pack(response), response.TimeMs, response.MemoryKb);
}
