using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Projects, their deployments, and the jobs that a transaction decided.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000002_Deployments")]
internal sealed class DeploymentsMigration : Migration
{
    private const string Create = """
        CREATE TABLE projects (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            owner_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name varchar(255) NOT NULL,
            slug varchar(63) NOT NULL,
            repository varchar(255) NOT NULL,
            branch varchar(100) NOT NULL DEFAULT 'main',
            root_dir varchar(255) NOT NULL DEFAULT '',
            install_command text,
            build_command text DEFAULT 'npm run build',
            output_dir varchar(255) DEFAULT 'dist',
            env_vars text,
            github_repo_id varchar(255),
            production_deployment_id uuid,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_projects PRIMARY KEY (id),
            CONSTRAINT ck_projects_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' AND slug NOT LIKE '%--%'),
            CONSTRAINT fk_projects_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_projects_owner_id_created_at_id ON projects (owner_id, created_at DESC, id DESC);
        CREATE UNIQUE INDEX ix_projects_owner_id_repository_root_dir ON projects (owner_id, repository, root_dir);
        CREATE INDEX ix_projects_production_deployment_id ON projects (production_deployment_id);
        CREATE UNIQUE INDEX ix_projects_slug ON projects (slug);
        CREATE INDEX ix_projects_user_id ON projects (user_id);

        CREATE TABLE deployments (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            owner_id uuid NOT NULL,
            project_id uuid NOT NULL,
            user_id uuid NOT NULL,
            status varchar(50) NOT NULL DEFAULT 'queued',
            branch varchar(100) NOT NULL,
            commit_hash varchar(40),
            commit_message text,
            author varchar(255),
            build_duration integer,
            deployed_url text,
            root_dir varchar(255) NOT NULL DEFAULT '',
            install_command text,
            build_command text,
            output_dir varchar(255),
            env_vars text,
            job_id uuid,
            error_code varchar(100),
            error_message text,
            manifest jsonb,
            output_bytes bigint,
            started_at timestamptz,
            completed_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_deployments PRIMARY KEY (id),
            CONSTRAINT ck_deployments_status CHECK (status IN ('queued', 'building', 'deploying', 'success', 'failed', 'cancelled')),
            CONSTRAINT fk_deployments_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
            CONSTRAINT fk_deployments_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_deployments_owner_id_created_at_id ON deployments (owner_id, created_at DESC, id DESC);
        CREATE INDEX ix_deployments_owner_id_status_created_at_id ON deployments (owner_id, status, created_at DESC, id DESC);
        CREATE INDEX ix_deployments_project_id_created_at_id ON deployments (project_id, created_at DESC, id DESC);
        CREATE INDEX ix_deployments_unfinished ON deployments (status, created_at) WHERE status IN ('queued', 'building', 'deploying');
        CREATE INDEX ix_deployments_user_id ON deployments (user_id);

        -- The two tables point at each other: this one could not be written before.
        ALTER TABLE projects ADD CONSTRAINT fk_projects_deployments_production_deployment_id
            FOREIGN KEY (production_deployment_id) REFERENCES deployments (id) ON DELETE SET NULL;

        CREATE TABLE deployment_stages (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            deployment_id uuid NOT NULL,
            stage_name varchar(50) NOT NULL,
            status varchar(50) NOT NULL DEFAULT 'pending',
            started_at timestamptz,
            completed_at timestamptz,
            error_message text,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_deployment_stages PRIMARY KEY (id),
            CONSTRAINT ck_deployment_stages_stage_name CHECK (stage_name IN ('queued', 'building', 'deploying', 'success', 'failed', 'cancelled')),
            CONSTRAINT ck_deployment_stages_status CHECK (status IN ('pending', 'in_progress', 'completed', 'failed')),
            CONSTRAINT fk_deployment_stages_deployments_deployment_id FOREIGN KEY (deployment_id) REFERENCES deployments (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_deployment_stages_deployment_id ON deployment_stages (deployment_id);

        CREATE TABLE deployment_logs (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            deployment_id uuid NOT NULL,
            seq bigint NOT NULL,
            timestamp timestamptz NOT NULL DEFAULT now(),
            log_level varchar(20) NOT NULL,
            message text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_deployment_logs PRIMARY KEY (id),
            CONSTRAINT ck_deployment_logs_log_level CHECK (log_level IN ('info', 'warning', 'error')),
            CONSTRAINT ck_deployment_logs_seq CHECK (seq > 0),
            CONSTRAINT fk_deployment_logs_deployments_deployment_id FOREIGN KEY (deployment_id) REFERENCES deployments (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_deployment_logs_deployment_id_seq ON deployment_logs (deployment_id, seq);

        CREATE TABLE outbox_jobs (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            type varchar(255) NOT NULL,
            queue varchar(100) NOT NULL,
            payload text NOT NULL,
            not_before timestamptz NOT NULL DEFAULT now(),
            max_attempts integer NOT NULL,
            trace_parent varchar(64),
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_outbox_jobs PRIMARY KEY (id)
        );
        CREATE INDEX ix_outbox_jobs_created_at ON outbox_jobs (created_at);
        """;

    private const string Drop = """
        ALTER TABLE projects DROP CONSTRAINT fk_projects_deployments_production_deployment_id;
        DROP TABLE outbox_jobs, deployment_logs, deployment_stages, deployments, projects;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
