using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Core.Data;

namespace Platform.Core.Jobs.Outbox;

/// <summary>Gives rows of the outbox their priority, and says at commit that there are some, whoever wrote them.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000011_OutboxSignal")]
internal sealed class OutboxMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE outbox_jobs ADD COLUMN priority smallint NOT NULL DEFAULT 0;
        ALTER TABLE outbox_jobs ALTER COLUMN priority DROP DEFAULT;

        CREATE FUNCTION announce_outbox_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('platform_jobs', 'o');
            RETURN NULL;
        END $$;

        CREATE TRIGGER tr_outbox_jobs_announce AFTER INSERT ON outbox_jobs
            FOR EACH STATEMENT EXECUTE FUNCTION announce_outbox_jobs();
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TRIGGER tr_outbox_jobs_announce ON outbox_jobs;
        DROP FUNCTION announce_outbox_jobs();
        ALTER TABLE outbox_jobs DROP COLUMN priority;
        """);
}
