using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>What GitHub delivered and what came of it, the state of connections, and what was written back to pull requests.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000076_GitHubDeliveries")]
internal sealed class GitHubDeliveriesMigration : Migration
{
    private const string Create = """
        ALTER TABLE github_connections
            ADD COLUMN scopes varchar(255),
            ADD COLUMN broken_at timestamptz;

        ALTER TABLE projects ADD COLUMN github_hook_id bigint;
        CREATE INDEX ix_projects_github_repo_id ON projects (github_repo_id) WHERE github_repo_id IS NOT NULL;

        ALTER TABLE deployments
            ADD COLUMN pull_request integer,
            ADD COLUMN approval varchar(20),
            ADD CONSTRAINT ck_deployments_approval CHECK (approval IN ('waiting', 'approved'));

        CREATE TABLE github_deliveries (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            delivery_id varchar(100) NOT NULL,
            event varchar(100) NOT NULL,
            action varchar(100),
            repository varchar(255),
            payload text NOT NULL,
            status varchar(20) NOT NULL,
            reason text,
            attempts integer NOT NULL DEFAULT 1,
            received_at timestamptz NOT NULL DEFAULT now(),
            processed_at timestamptz,
            CONSTRAINT pk_github_deliveries PRIMARY KEY (id),
            CONSTRAINT ck_github_deliveries_status CHECK (status IN ('processed', 'ignored', 'failed'))
        );
        CREATE UNIQUE INDEX ix_github_deliveries_delivery_id ON github_deliveries (delivery_id);
        CREATE INDEX ix_github_deliveries_received_at ON github_deliveries (received_at);

        CREATE TABLE github_delivery_results (
            delivery_id uuid NOT NULL,
            project_id uuid NOT NULL,
            outcome varchar(20) NOT NULL,
            reason text,
            deployment_id uuid,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_github_delivery_results PRIMARY KEY (delivery_id, project_id),
            CONSTRAINT ck_github_delivery_results_outcome CHECK (outcome IN ('deployed', 'waiting', 'removed', 'skipped')),
            CONSTRAINT fk_github_delivery_results_github_deliveries_delivery_id FOREIGN KEY (delivery_id) REFERENCES github_deliveries (id) ON DELETE CASCADE,
            CONSTRAINT fk_github_delivery_results_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_github_delivery_results_project_id_created_at ON github_delivery_results (project_id, created_at DESC);

        CREATE TABLE github_comments (
            project_id uuid NOT NULL,
            pull_request integer NOT NULL,
            comment_id bigint,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_github_comments PRIMARY KEY (project_id, pull_request),
            CONSTRAINT fk_github_comments_projects_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
        );
        """;

    private const string Drop = """
        DROP TABLE github_comments, github_delivery_results, github_deliveries;
        ALTER TABLE deployments DROP COLUMN approval, DROP COLUMN pull_request;
        DROP INDEX ix_projects_github_repo_id;
        ALTER TABLE projects DROP COLUMN github_hook_id;
        ALTER TABLE github_connections DROP COLUMN broken_at, DROP COLUMN scopes;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
