using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What was mailed to prove that somebody reads an address.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000032_AccountTokens")]
internal sealed class AccountTokensMigration : Migration
{
    private const string Create = """
        CREATE TABLE account_tokens (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            purpose varchar(30) NOT NULL,
            email varchar(255) NOT NULL,
            token_hash varchar(64) NOT NULL,
            code_hash varchar(64),
            attempts integer NOT NULL DEFAULT 0,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_account_tokens PRIMARY KEY (id),
            CONSTRAINT fk_account_tokens_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_account_tokens_token_hash ON account_tokens (token_hash);
        CREATE INDEX ix_account_tokens_user_id_purpose_created_at ON account_tokens (user_id, purpose, created_at);
        CREATE INDEX ix_account_tokens_expires_at ON account_tokens (expires_at);
        """;

    private const string Drop = "DROP TABLE account_tokens;";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
