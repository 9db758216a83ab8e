namespace Platform.Core.Jobs.Postgres;

/// <summary>
/// The claim of a queue that is shared fairly. A job's turn is its place among the jobs of its own key, running ones counted first: everybody's
/// first job comes before anybody's second, and among first jobs that of the key which was served longest ago.
/// </summary>
internal static class FairJobSql
{
    /// <summary>Two claims at once would both count the running jobs before either has added its own.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('platform_jobs:' || $1, 0))";

    public const string Claim =
        """
        WITH busy AS (
            SELECT fairness_key, count(*) FILTER (WHERE state = 'running') AS running, max(claimed_at) AS served FROM jobs
            WHERE queue = $1 AND claimed_at > now() - interval '1 hour' AND fairness_key IS NOT NULL GROUP BY fairness_key),
        waiting AS (
            SELECT job.id, job.priority, job.run_at, job.seq, job.fairness_key, busy.served, coalesce(busy.running, 0)
                + row_number() OVER (PARTITION BY coalesce(job.fairness_key, job.id::text) ORDER BY job.priority DESC, job.run_at, job.seq) AS turn
            FROM jobs AS job LEFT JOIN busy ON busy.fairness_key = job.fairness_key
            WHERE job.queue = $1 AND job.state = 'queued' AND job.run_at <= now() AND job.type = ANY ($2)),
        due AS (
            SELECT id FROM waiting WHERE turn <= $6 OR fairness_key IS NULL
            ORDER BY priority DESC, turn, served NULLS FIRST, run_at, seq LIMIT $3)
        UPDATE jobs SET state = 'running', attempt = attempt + 1, worker = $4, claimed_at = clock_timestamp(),
            lease_token = gen_random_uuid(), lease_until = clock_timestamp() + $5::interval
        FROM due WHERE jobs.id = due.id AND jobs.state = 'queued'
        RETURNING jobs.id, type, queue, payload, attempt, max_attempts, lease_token, trace_parent, clock_timestamp() - run_at, error, priority, seq
        """;

    public const string Position =
        """
        WITH mine AS (SELECT queue FROM jobs WHERE id = $1 AND state = 'queued'),
        busy AS (
            SELECT fairness_key, count(*) FILTER (WHERE state = 'running') AS running, max(claimed_at) AS served FROM jobs
            WHERE queue = (SELECT queue FROM mine) AND claimed_at > now() - interval '1 hour' AND fairness_key IS NOT NULL GROUP BY fairness_key),
        waiting AS (
            SELECT job.id, job.priority, job.run_at, job.seq, busy.served, coalesce(busy.running, 0)
                + row_number() OVER (PARTITION BY coalesce(job.fairness_key, job.id::text) ORDER BY job.priority DESC, job.run_at, job.seq) AS turn
            FROM jobs AS job LEFT JOIN busy ON busy.fairness_key = job.fairness_key
            WHERE job.queue = (SELECT queue FROM mine) AND job.state = 'queued'),
        ordered AS (SELECT id, row_number() OVER (ORDER BY priority DESC, turn, served NULLS FIRST, run_at, seq)::int AS place FROM waiting)
        SELECT place FROM ordered WHERE id = $1
        """;
}
