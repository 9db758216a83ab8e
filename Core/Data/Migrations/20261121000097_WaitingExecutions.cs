using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Which of the runs that an instance has wait for an image.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000097_WaitingExecutions")]
internal sealed class WaitingExecutionsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE executions ADD COLUMN awaits_image boolean NOT NULL DEFAULT FALSE;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE executions DROP COLUMN awaits_image;");
}
