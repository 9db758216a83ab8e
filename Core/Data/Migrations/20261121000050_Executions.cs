using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Runs that somebody asked for: those that go on without a waiting caller, and the history of all.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000050_Executions")]
internal sealed class ExecutionsMigration : Migration
{
    private const string Create = """
        CREATE TABLE executions (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            owner_id uuid NOT NULL,
            user_id uuid NOT NULL,
            batch_id uuid,
            language varchar(50) NOT NULL,
            mode varchar(10) NOT NULL,
            status varchar(20) NOT NULL DEFAULT 'queued',
            verdict varchar(30),
            request bytea NOT NULL,
            result bytea,
            time_ms double precision,
            memory_kb bigint,
            attempts integer NOT NULL DEFAULT 0,
            cancel_requested boolean NOT NULL DEFAULT FALSE,
            lease_owner uuid,
            lease_until timestamptz,
            callback_url text,
            callback_secret text,
            callback_state varchar(20),
            callback_attempts integer NOT NULL DEFAULT 0,
            callback_next_at timestamptz,
            started_at timestamptz,
            completed_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_executions PRIMARY KEY (id),
            CONSTRAINT ck_executions_mode CHECK (mode IN ('sync', 'async')),
            CONSTRAINT ck_executions_status CHECK (status IN ('queued', 'compiling', 'running', 'completed')),
            CONSTRAINT ck_executions_callback_state CHECK (callback_state IN ('waiting', 'pending', 'delivered', 'failed')),
            CONSTRAINT fk_executions_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_executions_owner_id_created_at_id ON executions (owner_id, created_at DESC, id DESC);
        CREATE INDEX ix_executions_user_id ON executions (user_id);
        CREATE INDEX ix_executions_batch_id ON executions (batch_id) WHERE batch_id IS NOT NULL;
        CREATE INDEX ix_executions_completed_at ON executions (completed_at);
        CREATE INDEX ix_executions_unfinished ON executions (owner_id, created_at) WHERE status <> 'completed';
        CREATE INDEX ix_executions_callbacks ON executions (callback_next_at) WHERE callback_state = 'pending';
        """;

    private const string Drop = """
        DROP TABLE executions;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
