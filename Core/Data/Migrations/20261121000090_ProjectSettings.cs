using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What projects can be set to, and where every deployment came from.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000090_ProjectSettings")]
internal sealed class ProjectSettingsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE projects
            ADD COLUMN shown_variables text[] NOT NULL DEFAULT '{}',
            ADD COLUMN shown_preview_variables text[] NOT NULL DEFAULT '{}';

        UPDATE deployments SET source = projects.repository FROM projects WHERE projects.id = deployments.project_id AND deployments.source IS NULL;
        CREATE INDEX ix_deployments_owner_id_branch_created_at_id ON deployments (owner_id, branch, created_at DESC, id DESC);
        CREATE INDEX ix_deployments_previews ON deployments (owner_id, created_at DESC, id DESC) WHERE environment = 'preview';

        ALTER TABLE domains ADD COLUMN is_primary boolean NOT NULL DEFAULT FALSE;
        CREATE UNIQUE INDEX ix_domains_project_id_primary ON domains (project_id) WHERE is_primary;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX ix_domains_project_id_primary;
        ALTER TABLE domains DROP COLUMN is_primary;
        DROP INDEX ix_deployments_previews;
        DROP INDEX ix_deployments_owner_id_branch_created_at_id;
        ALTER TABLE projects
            DROP COLUMN shown_preview_variables, DROP COLUMN shown_variables;
        """);
}
