using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Counts of deployments by owner and status. Whoever writes deployments, by EF or by SQL, keeps them right.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000070_DeploymentCounts")]
internal sealed class DeploymentCountsMigration : Migration
{
    // Rows are added to in the order of the key, so that two statements never wait for each other in a circle.
    private const string Create = """
        CREATE TABLE deployment_counts (
            owner_id uuid NOT NULL,
            status varchar(50) NOT NULL,
            total bigint NOT NULL,
            CONSTRAINT pk_deployment_counts PRIMARY KEY (owner_id, status)
        );

        CREATE FUNCTION count_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO deployment_counts AS counts (owner_id, status, total)
                SELECT owner_id, status, count(*) FROM added GROUP BY owner_id, status ORDER BY owner_id, status
                ON CONFLICT (owner_id, status) DO UPDATE SET total = counts.total + excluded.total;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO deployment_counts AS counts (owner_id, status, total)
                SELECT owner_id, status, -count(*) FROM removed GROUP BY owner_id, status ORDER BY owner_id, status
                ON CONFLICT (owner_id, status) DO UPDATE SET total = counts.total + excluded.total;
            ELSE
                INSERT INTO deployment_counts AS counts (owner_id, status, total)
                SELECT owner_id, status, sum(change) FROM (
                    SELECT owner_id, status, 1 AS change FROM added UNION ALL SELECT owner_id, status, -1 FROM removed
                ) changes GROUP BY owner_id, status HAVING sum(change) <> 0 ORDER BY owner_id, status
                ON CONFLICT (owner_id, status) DO UPDATE SET total = counts.total + excluded.total;
            END IF;
            RETURN NULL;
        END $$;

        CREATE TRIGGER deployments_counted_insert AFTER INSERT ON deployments
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_deployments();
        CREATE TRIGGER deployments_counted_delete AFTER DELETE ON deployments
            REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_deployments();
        CREATE TRIGGER deployments_counted_update AFTER UPDATE ON deployments
            REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_deployments();

        INSERT INTO deployment_counts (owner_id, status, total)
        SELECT owner_id, status, count(*) FROM deployments GROUP BY owner_id, status;
        """;

    private const string Drop = """
        DROP TRIGGER deployments_counted_insert ON deployments;
        DROP TRIGGER deployments_counted_delete ON deployments;
        DROP TRIGGER deployments_counted_update ON deployments;
        DROP FUNCTION count_deployments();
        DROP TABLE deployment_counts;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
