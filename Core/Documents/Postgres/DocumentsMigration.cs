using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Core.Data;

namespace Platform.Core.Documents.Postgres;

/// <summary>The table of all collections. It is no part of the EF model; each collection adds partial indexes of its own.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000020_Documents")]
internal sealed class DocumentsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE documents (
            collection text COLLATE "C" NOT NULL,
            id uuid NOT NULL,
            version bigint NOT NULL CHECK (version >= 1),
            data jsonb NOT NULL,
            PRIMARY KEY (collection, id)
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE documents;");
}
