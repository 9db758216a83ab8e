using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Names under which branches and pull requests are previewed.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000095_BranchAliases")]
internal sealed class BranchAliasesMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE branch_aliases (
            project_id uuid NOT NULL,
            name varchar(63) NOT NULL,
            branch varchar(100) NOT NULL,
            pull_request integer,
            closed_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_branch_aliases PRIMARY KEY (project_id, name),
            CONSTRAINT fk_branch_aliases_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_branch_aliases_project_id_branch ON branch_aliases (project_id, branch) WHERE pull_request IS NULL;
        CREATE UNIQUE INDEX ix_branch_aliases_project_id_pull_request ON branch_aliases (project_id, pull_request) WHERE pull_request IS NOT NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE branch_aliases;");
}
