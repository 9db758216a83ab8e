using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Keys that sign access tokens, one after the other.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000034_SigningKeys")]
internal sealed class SigningKeysMigration : Migration
{
    private const string Create = """
        CREATE TABLE signing_keys (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            secret text NOT NULL,
            activates_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_signing_keys PRIMARY KEY (id)
        );
        """;

    private const string Drop = "DROP TABLE signing_keys;";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
