namespace Platform.Core.Jobs.Postgres;

/// <summary>
/// The statements of the queue. Time is the server's everywhere, so that clocks of machines do not matter. Each statement is one round trip
/// and sends its notification itself: PostgreSQL delivers it when the statement has committed.
/// </summary>
internal static class JobSql
{
    /// <summary>One channel for everything; the payload is <c>q:queue</c> (a job may start), <c>c:id</c> (stop this one) or <c>o</c> (outbox).</summary>
    public const string Channel = "platform_jobs";

    private const string Columns = "id, type, queue, state, attempt, max_attempts, created_at, error";

    public const string Place =
        """
        WITH placed AS (
            INSERT INTO jobs (id, type, queue, payload, priority, max_attempts, run_at, trace_parent, fairness_key)
            VALUES ($1, $2, $3, $4, $5, $6, now() + $7, $8, $9)
            ON CONFLICT (id) DO NOTHING
            RETURNING queue, run_at)
        SELECT pg_notify('platform_jobs', 'q:' || queue) FROM placed WHERE run_at <= now()
        """;

    public const string Claim =
        """
        WITH due AS (
            SELECT id FROM jobs
            WHERE queue = $1 AND state = 'queued' AND run_at <= now() AND type = ANY ($2)
            ORDER BY priority DESC, run_at, seq
            LIMIT $3
            FOR UPDATE SKIP LOCKED)
        UPDATE jobs SET state = 'running', attempt = attempt + 1, worker = $4,
            lease_token = gen_random_uuid(), lease_until = clock_timestamp() + $5
        FROM due WHERE jobs.id = due.id
        RETURNING jobs.id, type, queue, payload, attempt, max_attempts, lease_token, trace_parent, clock_timestamp() - run_at, error, priority, seq
        """;

    /// <summary>The same for one job that a transport brought.</summary>
    public const string ClaimOne =
        """
        UPDATE jobs SET state = 'running', attempt = attempt + 1, worker = $2,
            lease_token = gen_random_uuid(), lease_until = clock_timestamp() + $3
        WHERE id = $1 AND state = 'queued' AND run_at <= now()
        RETURNING jobs.id, type, queue, payload, attempt, max_attempts, lease_token, trace_parent, clock_timestamp() - run_at, error, priority, seq
        """;

    /// <summary>Jobs that wait: one by its id, or those that a transport should have brought long ago.</summary>
    public const string Waiting =
        """
        SELECT id, type, queue, priority, greatest(run_at - now(), interval '0') FROM jobs
        WHERE state = 'queued' AND (id = $1 OR (queue = $2 AND run_at < now() - $3))
        ORDER BY priority DESC, run_at, seq LIMIT 200
        """;

    public const string Renew =
        """
        UPDATE jobs SET lease_until = clock_timestamp() + $3
        FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)
        WHERE jobs.id = held.id AND lease_token = held.token AND state = 'running'
        RETURNING jobs.id, cancel_requested
        """;

    /// <summary>$4 goes off the attempts, $5 is the delay of the next one. Who asked to cancel in the meantime gets it.</summary>
    public const string Complete =
        """
        WITH done AS (
            UPDATE jobs SET state = next.state, attempt = attempt - $4,
                run_at = CASE WHEN next.state = 'queued' THEN now() + $5 ELSE run_at END,
                finished_at = CASE WHEN next.state = 'queued' THEN NULL ELSE now() END,
                error = coalesce($6, error), lease_token = NULL, lease_until = NULL
            FROM (SELECT id AS next_id, CASE WHEN $3 = 'queued' AND cancel_requested THEN 'cancelled' ELSE $3 END AS state
                  FROM jobs WHERE id = $1 FOR UPDATE) AS next
            WHERE id = next_id AND lease_token = $2 AND jobs.state = 'running'
            RETURNING queue, jobs.state, run_at)
        SELECT CASE WHEN state = 'queued' AND run_at <= now() THEN pg_notify('platform_jobs', 'q:' || queue) END FROM done
        """;

    /// <summary>Jobs whose worker is gone go back to their queues, or end if somebody asked for it.</summary>
    public const string Reap =
        """
        WITH lost AS (
            SELECT id FROM jobs
            WHERE state = 'running' AND lease_until < clock_timestamp() AND (attempt < max_attempts OR cancel_requested)
            ORDER BY lease_until LIMIT 200
            FOR UPDATE SKIP LOCKED),
        back AS (
            UPDATE jobs SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'queued' END,
                finished_at = CASE WHEN cancel_requested THEN now() END,
                run_at = now(), lease_token = NULL, lease_until = NULL, error = $1
            FROM lost WHERE jobs.id = lost.id
            RETURNING jobs.id, jobs.type, jobs.queue, jobs.priority, jobs.state)
        SELECT id, type, queue, priority, pg_notify('platform_jobs', 'q:' || queue) FROM back WHERE state = 'queued'
        """;

    /// <summary>A job whose worker is gone and that has no attempt left is claimed once more, to be ended in good order.</summary>
    public const string ClaimExhausted =
        """
        WITH lost AS (
            SELECT id FROM jobs
            WHERE state = 'running' AND lease_until < clock_timestamp() AND attempt >= max_attempts AND NOT cancel_requested AND type = ANY ($1)
            ORDER BY lease_until LIMIT 20
            FOR UPDATE SKIP LOCKED)
        UPDATE jobs SET lease_token = gen_random_uuid(), lease_until = clock_timestamp() + $2, worker = $3
        FROM lost WHERE jobs.id = lost.id
        RETURNING jobs.id, type, queue, payload, attempt, max_attempts, lease_token, trace_parent, interval '0', error, priority, seq
        """;

    public const string Cancel =
        """
        WITH asked AS (
            UPDATE jobs SET cancel_requested = true,
                finished_at = CASE WHEN state = 'queued' THEN now() END,
                state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
            WHERE id = $1 AND state IN ('queued', 'running')
            RETURNING id, state)
        SELECT CASE WHEN state = 'running' THEN pg_notify('platform_jobs', 'c:' || id) END FROM asked
        """;

    public const string RetryDead =
        """
        WITH back AS (
            UPDATE jobs SET state = 'queued', attempt = 0, run_at = now(), finished_at = NULL, cancel_requested = false
            WHERE id = $1 AND state = 'dead'
            RETURNING queue)
        SELECT pg_notify('platform_jobs', 'q:' || queue) FROM back
        """;

    public const string Find = $"SELECT {Columns} FROM jobs WHERE id = $1";

    public const string ListDead = $"SELECT {Columns} FROM jobs WHERE queue = $1 AND state = 'dead' ORDER BY finished_at DESC, seq DESC LIMIT $2";

    public const string Depth =
        """
        SELECT queue, count(*) FILTER (WHERE state = 'queued')::int, count(*) FILTER (WHERE state = 'running')::int
        FROM jobs WHERE queue = ANY ($1) AND state IN ('queued', 'running') GROUP BY queue
        """;

    public const string Prune =
        """
        DELETE FROM jobs WHERE id IN (
            SELECT id FROM jobs
            WHERE state IN ('succeeded', 'cancelled', 'dead') AND finished_at < now() - CASE WHEN state = 'dead' THEN $2 ELSE $1 END
            LIMIT 1000
            FOR UPDATE SKIP LOCKED)
        """;
}
