using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>
/// Places a <c>NotifyDeploymentJob</c> in the outbox when a deployment moves or becomes production, within the same transaction, whoever writes.
/// Ends that people may want to hear of always; everything else only where a webhook asks for it.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000082_DeploymentEvents")]
internal sealed class DeploymentEventsMigration : Migration
{
    private const string Create = """
        CREATE FUNCTION note_deployment_event(deployment uuid, event text, key text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF event NOT IN ('deployment.succeeded', 'deployment.failed') AND NOT EXISTS (
                SELECT FROM deployments d JOIN webhooks w ON w.owner_id = d.owner_id AND (w.project_id IS NULL OR w.project_id = d.project_id)
                WHERE d.id = deployment AND w.enabled AND event = ANY (w.events))
            THEN RETURN; END IF;
            INSERT INTO outbox_jobs (id, type, queue, payload, priority, not_before, max_attempts, created_at)
            VALUES (gen_random_uuid(), 'notify-deployment', 'notifications',
                json_build_object('deploymentId', deployment, 'event', event, 'at', clock_timestamp(), 'key', key)::text, 0, now(), 10, now());
        END $$;

        CREATE FUNCTION note_deployment_status() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE event text := 'deployment.' || CASE NEW.status WHEN 'success' THEN 'succeeded' ELSE NEW.status END;
        BEGIN
            PERFORM note_deployment_event(NEW.id, event, NEW.id || ':' || event);
            RETURN NULL;
        END $$;

        CREATE FUNCTION note_deployment_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM note_deployment_event(NEW.deployment_id, 'deployment.promoted', NEW.id || ':deployment.promoted');
            RETURN NULL;
        END $$;

        CREATE TRIGGER tr_deployments_note_queued AFTER INSERT ON deployments
            FOR EACH ROW WHEN (NEW.status = 'queued') EXECUTE FUNCTION note_deployment_status();
        CREATE TRIGGER tr_deployments_note_status AFTER UPDATE OF status ON deployments
            FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status IN ('building', 'success', 'failed', 'cancelled')) EXECUTE FUNCTION note_deployment_status();
        CREATE TRIGGER tr_production_changes_note AFTER INSERT ON production_changes
            FOR EACH ROW EXECUTE FUNCTION note_deployment_promotion();
        """;

    private const string Drop = """
        DROP TRIGGER tr_production_changes_note ON production_changes;
        DROP TRIGGER tr_deployments_note_status ON deployments;
        DROP TRIGGER tr_deployments_note_queued ON deployments;
        DROP FUNCTION note_deployment_promotion();
        DROP FUNCTION note_deployment_status();
        DROP FUNCTION note_deployment_event(uuid, text, text);
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
