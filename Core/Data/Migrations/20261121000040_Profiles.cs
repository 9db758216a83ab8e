using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Pictures, the journey after sign-up, installations of the GitHub App; what an organisation owns outlives the person who made it.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000040_Profiles")]
internal sealed class ProfilesMigration : Migration
{
    // user_id of projects and deployments says who did it. What a person owns is deleted with the account; what an organisation owns stays.
    private const string Create = """
        CREATE TABLE user_avatars (
            user_id uuid NOT NULL,
            content bytea NOT NULL,
            content_type varchar(50) NOT NULL,
            hash varchar(64) NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_user_avatars PRIMARY KEY (user_id),
            CONSTRAINT fk_user_avatars_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );

        CREATE TABLE user_journeys (
            user_id uuid NOT NULL,
            user_type varchar(20),
            hosting_option varchar(20),
            hosting_target varchar(20),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_user_journeys PRIMARY KEY (user_id),
            CONSTRAINT ck_user_journeys_user_type CHECK (user_type IN ('developer', 'organization', 'company')),
            CONSTRAINT ck_user_journeys_hosting_option CHECK (hosting_option IN ('self_hosting', 'autostack_hosting')),
            CONSTRAINT ck_user_journeys_hosting_target CHECK (hosting_target IN ('aws', 'github')),
            CONSTRAINT ck_user_journeys_order CHECK ((hosting_option IS NULL OR user_type IS NOT NULL) AND (hosting_target IS NULL OR hosting_option = 'self_hosting')),
            CONSTRAINT fk_user_journeys_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );

        CREATE TABLE github_installations (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            owner_id uuid NOT NULL,
            user_id uuid NOT NULL,
            installation_id bigint NOT NULL,
            account_id bigint NOT NULL,
            account_login varchar(255) NOT NULL,
            account_type varchar(50) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_github_installations PRIMARY KEY (id),
            CONSTRAINT fk_github_installations_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ix_github_installations_owner_id_installation_id ON github_installations (owner_id, installation_id);
        CREATE INDEX ix_github_installations_user_id ON github_installations (user_id);

        ALTER TABLE projects DROP CONSTRAINT fk_projects_users_user_id;
        ALTER TABLE deployments DROP CONSTRAINT fk_deployments_users_user_id;
        """;

    private const string Drop = """
        DELETE FROM projects WHERE NOT EXISTS (SELECT FROM users WHERE users.id = projects.user_id);
        DELETE FROM deployments WHERE NOT EXISTS (SELECT FROM users WHERE users.id = deployments.user_id);
        ALTER TABLE deployments ADD CONSTRAINT fk_deployments_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
        ALTER TABLE projects ADD CONSTRAINT fk_projects_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
        DROP TABLE github_installations, user_journeys, user_avatars;
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Create);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
