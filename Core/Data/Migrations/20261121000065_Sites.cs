using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>How sites are served and kept: moves of production, settings, domains, traffic.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000065_Sites")]
internal sealed class SitesMigration : Migration
{
    private const string Create = """
        ALTER TABLE projects
            ADD COLUMN production_as_of timestamptz,
            ADD COLUMN production_pinned boolean NOT NULL DEFAULT FALSE;
        UPDATE projects SET production_as_of = deployments.created_at FROM deployments WHERE deployments.id = projects.production_deployment_id;

        ALTER TABLE deployments ADD COLUMN expired_at timestamptz;
        CREATE INDEX ix_deployments_with_files ON deployments (owner_id, project_id, created_at) WHERE manifest IS NOT NULL;

        CREATE TABLE production_changes (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            project_id uuid NOT NULL,
            deployment_id uuid NOT NULL,
            previous_deployment_id uuid,
            user_id uuid,
            reason varchar(20) NOT NULL,
            replaced_env_vars text,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_production_changes PRIMARY KEY (id),
            CONSTRAINT ck_production_changes_reason CHECK (reason IN ('deploy', 'promote', 'rollback', 'resume')),
            CONSTRAINT fk_production_changes_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
            CONSTRAINT fk_production_changes_deployments_deployment_id FOREIGN KEY (deployment_id) REFERENCES deployments (id) ON DELETE CASCADE,
            CONSTRAINT fk_production_changes_deployments_previous_deployment_id
                FOREIGN KEY (previous_deployment_id) REFERENCES deployments (id) ON DELETE SET NULL
        );
        CREATE INDEX ix_production_changes_project_id_created_at ON production_changes (project_id, created_at DESC);
        CREATE INDEX ix_production_changes_deployment_id ON production_changes (deployment_id);
        CREATE INDEX ix_production_changes_previous_deployment_id ON production_changes (previous_deployment_id);

        CREATE TABLE site_settings (
            project_id uuid NOT NULL,
            protection varchar(20) NOT NULL DEFAULT 'off',
            password_hash varchar(255),
            password_stamp uuid NOT NULL,
            spa_fallback boolean,
            keep_deployments integer,
            keep_bytes bigint,
            asset_hours integer,
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_site_settings PRIMARY KEY (project_id),
            CONSTRAINT ck_site_settings_protection CHECK (protection IN ('off', 'previews', 'all')),
            CONSTRAINT ck_site_settings_password CHECK (protection = 'off' OR password_hash IS NOT NULL),
            CONSTRAINT fk_site_settings_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );

        CREATE TABLE domains (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            project_id uuid NOT NULL,
            owner_id uuid NOT NULL,
            host varchar(253) NOT NULL,
            token varchar(64) NOT NULL,
            status varchar(20) NOT NULL DEFAULT 'pending',
            problem text,
            misses integer NOT NULL DEFAULT 0,
            verified_at timestamptz,
            checked_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_domains PRIMARY KEY (id),
            CONSTRAINT ck_domains_status CHECK (status IN ('pending', 'verified', 'failed')),
            CONSTRAINT fk_domains_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_domains_host_verified ON domains (host) WHERE status = 'verified';
        CREATE UNIQUE INDEX ix_domains_project_id_host ON domains (project_id, host);
        CREATE INDEX ix_domains_owner_id ON domains (owner_id);
        CREATE INDEX ix_domains_status_checked_at ON domains (status, checked_at);

        CREATE TABLE site_traffic (
            project_id uuid NOT NULL,
            hour timestamptz NOT NULL,
            requests bigint NOT NULL,
            bytes bigint NOT NULL,
            status2xx bigint NOT NULL,
            status3xx bigint NOT NULL,
            status4xx bigint NOT NULL,
            status5xx bigint NOT NULL,
            CONSTRAINT pk_site_traffic PRIMARY KEY (project_id, hour),
            CONSTRAINT fk_site_traffic_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_site_traffic_hour ON site_traffic (hour);

        CREATE TABLE site_traffic_paths (
            project_id uuid NOT NULL,
            day date NOT NULL,
            path varchar(255) NOT NULL,
            requests bigint NOT NULL,
            CONSTRAINT pk_site_traffic_paths PRIMARY KEY (project_id, day, path),
            CONSTRAINT fk_site_traffic_paths_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_site_traffic_paths_day ON site_traffic_paths (day);
        """;

    private const string Drop = """
        DROP TABLE site_traffic_paths, site_traffic, domains, site_settings, production_changes;
        DROP INDEX ix_deployments_with_files;
        ALTER TABLE deployments DROP COLUMN expired_at;
        ALTER TABLE projects DROP COLUMN production_pinned, DROP COLUMN production_as_of;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
