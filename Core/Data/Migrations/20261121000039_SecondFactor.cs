using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>The second factor, and sign-ins and addresses that wait for their proof.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000039_SecondFactor")]
internal sealed class SecondFactorMigration : Migration
{
    private const string Create = """
        CREATE TABLE two_factors (
            user_id uuid NOT NULL,
            secret text NOT NULL,
            last_used_step bigint NOT NULL,
            enabled_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_two_factors PRIMARY KEY (user_id),
            CONSTRAINT fk_two_factors_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );

        CREATE TABLE recovery_codes (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            hash varchar(64) NOT NULL,
            used_at timestamptz,
            CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
            CONSTRAINT fk_recovery_codes_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_recovery_codes_user_id_hash ON recovery_codes (user_id, hash);

        CREATE TABLE two_factor_challenges (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            token_hash varchar(64) NOT NULL,
            method varchar(50) NOT NULL,
            persistent boolean NOT NULL,
            security_stamp text,
            attempts integer NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_two_factor_challenges PRIMARY KEY (id),
            CONSTRAINT fk_two_factor_challenges_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_two_factor_challenges_token_hash ON two_factor_challenges (token_hash);
        CREATE INDEX ix_two_factor_challenges_user_id ON two_factor_challenges (user_id);
        CREATE INDEX ix_two_factor_challenges_expires_at ON two_factor_challenges (expires_at);

        CREATE TABLE pending_logins (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid,
            provider varchar(50) NOT NULL,
            provider_key varchar(255) NOT NULL,
            display_name varchar(255),
            email varchar(255) NOT NULL,
            name varchar(255) NOT NULL,
            avatar_url text,
            token_hash varchar(64) NOT NULL,
            mail_token_hash varchar(64) NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_pending_logins PRIMARY KEY (id),
            CONSTRAINT fk_pending_logins_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_pending_logins_token_hash ON pending_logins (token_hash);
        CREATE UNIQUE INDEX ix_pending_logins_mail_token_hash ON pending_logins (mail_token_hash);
        CREATE INDEX ix_pending_logins_user_id ON pending_logins (user_id);
        CREATE INDEX ix_pending_logins_expires_at ON pending_logins (expires_at);

        CREATE TABLE email_changes (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            old_email varchar(255) NOT NULL,
            new_email varchar(255) NOT NULL,
            security_stamp text,
            token_hash varchar(64) NOT NULL,
            code_hash varchar(64) NOT NULL,
            attempts integer NOT NULL,
            expires_at timestamptz NOT NULL,
            confirmed_at timestamptz,
            undo_token_hash varchar(64),
            undo_expires_at timestamptz,
            undone_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_email_changes PRIMARY KEY (id),
            CONSTRAINT fk_email_changes_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_email_changes_token_hash ON email_changes (token_hash);
        CREATE UNIQUE INDEX ix_email_changes_undo_token_hash ON email_changes (undo_token_hash);
        CREATE INDEX ix_email_changes_user_id ON email_changes (user_id);
        """;

    private const string Drop = """
        DROP TABLE email_changes, pending_logins, two_factor_challenges, recovery_codes, two_factors;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
