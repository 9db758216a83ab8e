using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Core.Data;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Jobs say whose they are, so that a queue can be shared fairly.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000061_JobFairness")]
internal sealed class FairnessMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE jobs ADD COLUMN fairness_key text, ADD COLUMN claimed_at timestamptz;
        ALTER TABLE outbox_jobs ADD COLUMN fairness_key varchar(100);
        CREATE INDEX ix_jobs_claimed ON jobs (queue, claimed_at) WHERE fairness_key IS NOT NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX ix_jobs_claimed;
        ALTER TABLE outbox_jobs DROP COLUMN fairness_key;
        ALTER TABLE jobs DROP COLUMN fairness_key, DROP COLUMN claimed_at;
        """);
}
