using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What projects can be set to, and what a deployment needs to be repeated as it was: its source and its commit.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000071_ProjectSettings")]
internal sealed class ProjectSettingsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE projects
            ADD COLUMN auto_deploy boolean NOT NULL DEFAULT TRUE,
            ADD COLUMN watch_paths text[] NOT NULL DEFAULT '{}',
            ADD COLUMN preview_env_vars text,
            ADD COLUMN shown_variables text[] NOT NULL DEFAULT '{}',
            ADD COLUMN shown_preview_variables text[] NOT NULL DEFAULT '{}';

        ALTER TABLE deployments
            ADD COLUMN source varchar(255),
            ADD COLUMN requested_commit varchar(40);
        UPDATE deployments SET source = projects.repository FROM projects WHERE projects.id = deployments.project_id;
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
        ALTER TABLE deployments DROP COLUMN requested_commit, DROP COLUMN source;
        ALTER TABLE projects
            DROP COLUMN shown_preview_variables, DROP COLUMN shown_variables, DROP COLUMN preview_env_vars, DROP COLUMN watch_paths, DROP COLUMN auto_deploy;
        """);
}
