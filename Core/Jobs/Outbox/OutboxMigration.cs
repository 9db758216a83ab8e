using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Core.Data;

namespace Platform.Core.Jobs.Outbox;

/// <summary>Says at commit that the outbox has rows, whoever wrote them.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121060100_OutboxSignal")]
internal sealed class OutboxMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
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
        """);
}
