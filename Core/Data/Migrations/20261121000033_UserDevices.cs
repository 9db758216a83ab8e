using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Devices that an account was seen on.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000033_UserDevices")]
internal sealed class UserDevicesMigration : Migration
{
    private const string Create = """
        CREATE TABLE user_devices (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            user_id uuid NOT NULL,
            fingerprint varchar(64) NOT NULL,
            last_seen_at timestamptz NOT NULL DEFAULT now(),
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_user_devices PRIMARY KEY (id),
            CONSTRAINT fk_user_devices_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_user_devices_user_id_fingerprint ON user_devices (user_id, fingerprint);
        CREATE INDEX ix_user_devices_last_seen_at ON user_devices (last_seen_at);
        """;

    private const string Drop = "DROP TABLE user_devices;";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
