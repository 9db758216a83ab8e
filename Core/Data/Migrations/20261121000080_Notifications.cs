using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What people are told within the application.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000080_Notifications")]
internal sealed class NotificationsMigration : Migration
{
    private const string Create = """
        CREATE TABLE notifications (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            seq bigint NOT NULL,
            type varchar(50) NOT NULL,
            title varchar(200) NOT NULL,
            message varchar(1000) NOT NULL,
            link varchar(500),
            data jsonb NOT NULL,
            dedupe_key varchar(200),
            read_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_notifications PRIMARY KEY (id),
            CONSTRAINT fk_notifications_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_notifications_user_id_seq ON notifications (user_id, seq);
        CREATE UNIQUE INDEX ix_notifications_user_id_dedupe_key ON notifications (user_id, dedupe_key);
        CREATE INDEX ix_notifications_unread ON notifications (user_id) WHERE read_at IS NULL;

        CREATE TABLE notification_counters (
            user_id uuid NOT NULL,
            last_seq bigint NOT NULL,
            CONSTRAINT pk_notification_counters PRIMARY KEY (user_id),
            CONSTRAINT fk_notification_counters_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        """;

    private const string Drop = """
        DROP TABLE notification_counters;
        DROP TABLE notifications;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
