using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Addresses outside that are told about deployments.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000081_Webhooks")]
internal sealed class WebhooksMigration : Migration
{
    private const string Create = """
        CREATE TABLE webhooks (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            owner_id uuid NOT NULL,
            project_id uuid,
            user_id uuid,
            url varchar(2000) NOT NULL,
            events text[] NOT NULL,
            secret text NOT NULL,
            previous_secret text,
            previous_secret_until timestamptz,
            enabled boolean NOT NULL,
            failing_since timestamptz,
            disabled_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_webhooks PRIMARY KEY (id),
            CONSTRAINT fk_webhooks_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
            CONSTRAINT fk_webhooks_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
        );
        CREATE INDEX ix_webhooks_owner_id ON webhooks (owner_id);
        CREATE INDEX ix_webhooks_project_id ON webhooks (project_id);
        CREATE INDEX ix_webhooks_user_id ON webhooks (user_id);

        CREATE TABLE webhook_deliveries (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            webhook_id uuid NOT NULL,
            event varchar(50) NOT NULL,
            event_key varchar(200) NOT NULL,
            payload text NOT NULL,
            state varchar(20) NOT NULL,
            attempts integer NOT NULL,
            response_status integer,
            duration_ms integer,
            error varchar(500),
            redelivery_of uuid,
            next_attempt_at timestamptz,
            completed_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_webhook_deliveries PRIMARY KEY (id),
            CONSTRAINT fk_webhook_deliveries_webhooks_webhook_id FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE,
            CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'failed'))
        );
        CREATE UNIQUE INDEX ix_webhook_deliveries_webhook_id_event_key ON webhook_deliveries (webhook_id, event_key);
        CREATE INDEX ix_webhook_deliveries_webhook_id_created_at_id ON webhook_deliveries (webhook_id, created_at DESC, id DESC);
        """;

    private const string Drop = """
        DROP TABLE webhook_deliveries;
        DROP TABLE webhooks;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
