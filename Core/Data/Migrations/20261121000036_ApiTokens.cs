using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Keys of programs.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000036_ApiTokens")]
internal sealed class ApiTokensMigration : Migration
{
    private const string Create = """
        CREATE TABLE api_tokens (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            organization_id uuid,
            name varchar(100) NOT NULL,
            token_hash varchar(64) NOT NULL,
            hint varchar(16) NOT NULL,
            scopes text[] NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            last_used_ip varchar(64),
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_api_tokens PRIMARY KEY (id),
            CONSTRAINT fk_api_tokens_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
            CONSTRAINT fk_api_tokens_organizations_organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_api_tokens_token_hash ON api_tokens (token_hash);
        CREATE INDEX ix_api_tokens_user_id_created_at ON api_tokens (user_id, created_at);
        CREATE INDEX ix_api_tokens_organization_id ON api_tokens (organization_id);
        """;

    private const string Drop = """
        DROP TABLE api_tokens;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
