using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Core.Data;

namespace Platform.Core.Jobs.Postgres;

/// <summary>The table of the built-in queue. It is no part of the EF model: only the engine reads and writes it, in SQL.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000010_Jobs")]
internal sealed class JobsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE jobs (
            id uuid PRIMARY KEY,
            seq bigint GENERATED ALWAYS AS IDENTITY,
            type text NOT NULL,
            queue text NOT NULL,
            payload text NOT NULL,
            priority smallint NOT NULL DEFAULT 0,
            state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'succeeded', 'cancelled', 'dead')),
            attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            max_attempts integer NOT NULL CHECK (max_attempts >= 1),
            run_at timestamptz NOT NULL DEFAULT now(),
            lease_token uuid,
            lease_until timestamptz,
            worker text,
            cancel_requested boolean NOT NULL DEFAULT false,
            error text,
            trace_parent text,
            created_at timestamptz NOT NULL DEFAULT now(),
            finished_at timestamptz,
            CHECK ((state = 'running') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)),
            CHECK ((state IN ('succeeded', 'cancelled', 'dead')) = (finished_at IS NOT NULL))
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

        CREATE INDEX ix_jobs_ready ON jobs (queue, priority DESC, run_at, seq) WHERE state = 'queued';
        CREATE INDEX ix_jobs_leases ON jobs (lease_until) WHERE state = 'running';
        CREATE INDEX ix_jobs_over ON jobs (finished_at) WHERE state IN ('succeeded', 'cancelled', 'dead');
        CREATE INDEX ix_jobs_dead ON jobs (queue, finished_at DESC) WHERE state = 'dead';
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE jobs;");
}
