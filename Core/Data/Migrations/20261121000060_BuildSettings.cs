using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What a build may choose: Node version, submodules, trust, cache; and what a failed one has to say.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000060_BuildSettings")]
internal sealed class BuildSettingsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE projects
            ADD COLUMN node_version varchar(50),
            ADD COLUMN submodules boolean NOT NULL DEFAULT false;
        ALTER TABLE deployments
            ADD COLUMN node_version varchar(50),
            ADD COLUMN submodules boolean NOT NULL DEFAULT false,
            ADD COLUMN environment varchar(20) NOT NULL DEFAULT 'production',
            ADD COLUMN use_cache boolean NOT NULL DEFAULT true,
            ADD COLUMN error_hint text,
            ADD COLUMN error_line text,
            ADD CONSTRAINT ck_deployments_environment CHECK (environment IN ('production', 'preview'));
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE deployments
            DROP COLUMN node_version, DROP COLUMN submodules, DROP COLUMN environment, DROP COLUMN use_cache, DROP COLUMN error_hint, DROP COLUMN error_line;
        ALTER TABLE projects DROP COLUMN node_version, DROP COLUMN submodules;
        """);
}
