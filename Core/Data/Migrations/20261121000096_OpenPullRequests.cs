using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Which pull requests of a branch are open: its preview stays until the last of them is closed.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000096_OpenPullRequests")]
internal sealed class OpenPullRequestsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE open_pull_requests (
            project_id uuid NOT NULL,
            number integer NOT NULL,
            branch varchar(100) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_open_pull_requests PRIMARY KEY (project_id, number),
            CONSTRAINT fk_open_pull_requests_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_open_pull_requests_project_id_branch ON open_pull_requests (project_id, branch);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE open_pull_requests;");
}
