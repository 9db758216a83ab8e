using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>
/// Counts of deployments by project, environment and status beside those by owner: a list that is narrowed knows its length as well. And an
/// index for the deployments of a project that have a status.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000091_ProjectCounts")]
internal sealed class ProjectCountsMigration : Migration
{
    // Rows are added to in the order of the key. No key to the projects: deployments that go with one are counted after it has gone.
    private const string Create = """
        CREATE TABLE project_deployment_counts (
            project_id uuid NOT NULL,
            environment varchar(20) NOT NULL,
            status varchar(50) NOT NULL,
            total bigint NOT NULL,
            CONSTRAINT pk_project_deployment_counts PRIMARY KEY (project_id, environment, status)
        );

        CREATE FUNCTION count_project_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO project_deployment_counts AS counts (project_id, environment, status, total)
                SELECT project_id, environment, status, count(*) FROM added GROUP BY project_id, environment, status ORDER BY project_id, environment, status
                ON CONFLICT (project_id, environment, status) DO UPDATE SET total = counts.total + excluded.total;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO project_deployment_counts AS counts (project_id, environment, status, total)
                SELECT project_id, environment, status, -count(*) FROM removed GROUP BY project_id, environment, status ORDER BY project_id, environment, status
                ON CONFLICT (project_id, environment, status) DO UPDATE SET total = counts.total + excluded.total;
                DELETE FROM project_deployment_counts WHERE total = 0 AND project_id IN (SELECT project_id FROM removed);
            ELSE
                INSERT INTO project_deployment_counts AS counts (project_id, environment, status, total)
                SELECT project_id, environment, status, sum(change) FROM (
                    SELECT project_id, environment, status, 1 AS change FROM added UNION ALL SELECT project_id, environment, status, -1 FROM removed
                ) changes GROUP BY project_id, environment, status HAVING sum(change) <> 0 ORDER BY project_id, environment, status
                ON CONFLICT (project_id, environment, status) DO UPDATE SET total = counts.total + excluded.total;
            END IF;
            RETURN NULL;
        END $$;

        CREATE TRIGGER project_deployments_counted_insert AFTER INSERT ON deployments
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_project_deployments();
        CREATE TRIGGER project_deployments_counted_delete AFTER DELETE ON deployments
            REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_project_deployments();
        CREATE TRIGGER project_deployments_counted_update AFTER UPDATE ON deployments
            REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_project_deployments();

        INSERT INTO project_deployment_counts (project_id, environment, status, total)
        SELECT project_id, environment, status, count(*) FROM deployments GROUP BY project_id, environment, status;

        CREATE INDEX ix_deployments_project_id_status_created_at_id ON deployments (project_id, status, created_at DESC, id DESC);
        """;

    private const string Drop = """
        DROP INDEX ix_deployments_project_id_status_created_at_id;
        DROP TRIGGER project_deployments_counted_insert ON deployments;
        DROP TRIGGER project_deployments_counted_delete ON deployments;
        DROP TRIGGER project_deployments_counted_update ON deployments;
        DROP FUNCTION count_project_deployments();
        DROP TABLE project_deployment_counts;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
