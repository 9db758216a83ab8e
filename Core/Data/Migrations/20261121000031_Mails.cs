using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Mails that wait to be sent.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000031_Mails")]
internal sealed class MailsMigration : Migration
{
    private const string Create = """
        CREATE TABLE mails (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            kind varchar(20) NOT NULL,
            content text NOT NULL,
            attempts integer NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL DEFAULT now(),
            sent_at timestamptz,
            failed_at timestamptz,
            error varchar(200),
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_mails PRIMARY KEY (id),
            CONSTRAINT ck_mails_kind CHECK (kind IN ('mail', 'request'))
        );
        CREATE INDEX ix_mails_next_attempt_at ON mails (next_attempt_at) WHERE sent_at IS NULL AND failed_at IS NULL;
        CREATE INDEX ix_mails_created_at ON mails (created_at);
        """;

    private const string Drop = "DROP TABLE mails;";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
