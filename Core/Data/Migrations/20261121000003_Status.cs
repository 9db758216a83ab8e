using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What the status page shows.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000003_Status")]
internal sealed class StatusMigration : Migration
{
    private const string Create = """
        CREATE TABLE service_status (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            service_name varchar(100) NOT NULL,
            status varchar(50) NOT NULL,
            uptime_percentage numeric(5,2),
            response_time integer,
            last_checked_at timestamptz NOT NULL DEFAULT now(),
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_service_status PRIMARY KEY (id),
            CONSTRAINT ck_service_status_status CHECK (status IN ('operational', 'degraded', 'down'))
        );
        CREATE INDEX ix_service_status_service_name_last_checked_at ON service_status (service_name, last_checked_at DESC);

        CREATE TABLE incidents (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            title varchar(255) NOT NULL,
            description text,
            status varchar(50) NOT NULL,
            severity varchar(50),
            affected_services text[] NOT NULL,
            started_at timestamptz NOT NULL,
            resolved_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_incidents PRIMARY KEY (id),
            CONSTRAINT ck_incidents_severity CHECK (severity IN ('minor', 'major', 'critical')),
            CONSTRAINT ck_incidents_status CHECK (status IN ('investigating', 'identified', 'monitoring', 'resolved'))
        );
        CREATE INDEX ix_incidents_open ON incidents (started_at) WHERE status <> 'resolved';
        CREATE INDEX ix_incidents_started_at ON incidents (started_at DESC);
        """;

    private const string Drop = """
        DROP TABLE incidents, service_status;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
