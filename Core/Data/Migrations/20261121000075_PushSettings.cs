using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Whether pushes deploy a project, and which; where a deployment comes from when that is not its project's repository.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000075_PushSettings")]
internal sealed class PushSettingsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE projects
            ADD COLUMN auto_deploy boolean NOT NULL DEFAULT TRUE,
            ADD COLUMN watch_paths text[] NOT NULL DEFAULT '{}',
            ADD COLUMN preview_env_vars text;
        ALTER TABLE deployments
            ADD COLUMN source varchar(255),
            ADD COLUMN requested_commit varchar(40);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE deployments DROP COLUMN requested_commit, DROP COLUMN source;
        ALTER TABLE projects DROP COLUMN preview_env_vars, DROP COLUMN watch_paths, DROP COLUMN auto_deploy;
        """);
}
