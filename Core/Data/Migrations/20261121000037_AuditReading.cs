using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Finds audit events by what they were done to, and lets anonymisation touch nothing but personal facts.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000037_AuditReading")]
internal sealed class AuditReadingMigration : Migration
{
    private const string Create = """
        CREATE INDEX ix_audit_events_target_id_created_at ON audit_events (target_id, created_at);

        CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND current_setting('platform.anonymise_audit', true) = 'on' THEN
                IF (NEW.id, NEW.created_at, NEW.action, NEW.actor_id, NEW.owner_id, NEW.target_type, NEW.target_id)
                    IS NOT DISTINCT FROM (OLD.id, OLD.created_at, OLD.action, OLD.actor_id, OLD.owner_id, OLD.target_type, OLD.target_id)
                THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
        END $$;
        """;

    private const string Drop = """
        CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND current_setting('platform.anonymise_audit', true) = 'on' THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
        END $$;

        DROP INDEX ix_audit_events_target_id_created_at;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
