using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>The audit log, which only grows, and closed accounts.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000030_Audit")]
internal sealed class AuditMigration : Migration
{
    // An account that is deleted must be made unrecognisable here, too: that one transaction says so by a setting of its own.
    private const string Create = """
        ALTER TABLE users ADD COLUMN disabled_at timestamptz;

        CREATE TABLE audit_events (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            created_at timestamptz NOT NULL DEFAULT now(),
            action varchar(100) NOT NULL,
            actor_id uuid,
            owner_id uuid,
            target_type varchar(50),
            target_id varchar(255),
            session_id uuid,
            ip_address varchar(64),
            user_agent varchar(512),
            details jsonb NOT NULL,
            CONSTRAINT pk_audit_events PRIMARY KEY (id)
        );
        CREATE INDEX ix_audit_events_actor_id_created_at ON audit_events (actor_id, created_at);
        CREATE INDEX ix_audit_events_owner_id_created_at ON audit_events (owner_id, created_at);
        CREATE INDEX ix_audit_events_created_at ON audit_events (created_at);

        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND current_setting('platform.anonymise_audit', true) = 'on' THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
        END $$;
        CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
            FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
        CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
        """;

    private const string Drop = """
        DROP TABLE audit_events;
        DROP FUNCTION refuse_audit_change();
        ALTER TABLE users DROP COLUMN disabled_at;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
