using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>Organisations, their members and invitations, and what holds owners and their things together.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000035_Organizations")]
internal sealed class OrganizationsMigration : Migration
{
    private const string CreateTables = """
        CREATE TABLE organizations (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            name varchar(100) NOT NULL,
            slug varchar(39) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_organizations PRIMARY KEY (id),
            CONSTRAINT ck_organizations_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' AND slug NOT LIKE '%--%')
        );
        CREATE UNIQUE INDEX ix_organizations_slug ON organizations (slug);

        CREATE TABLE organization_members (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            role varchar(20) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_organization_members PRIMARY KEY (organization_id, user_id),
            CONSTRAINT ck_organization_members_role CHECK (role IN ('viewer', 'developer', 'admin', 'owner')),
            CONSTRAINT fk_organization_members_organizations_organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_organization_members_users_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_organization_members_user_id ON organization_members (user_id);

        CREATE TABLE organization_invitations (
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            organization_id uuid NOT NULL,
            email varchar(255) NOT NULL,
            normalized_email varchar(256) NOT NULL,
            role varchar(20) NOT NULL,
            token_hash varchar(64) NOT NULL,
            invited_by uuid,
            status varchar(20) NOT NULL DEFAULT 'pending',
            expires_at timestamptz NOT NULL,
            answered_at timestamptz,
            created_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_organization_invitations PRIMARY KEY (id),
            CONSTRAINT ck_organization_invitations_role CHECK (role IN ('viewer', 'developer', 'admin', 'owner')),
            CONSTRAINT ck_organization_invitations_status CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
            CONSTRAINT fk_organization_invitations_organizations_organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_organization_invitations_users_invited_by FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE SET NULL
        );
        CREATE UNIQUE INDEX ix_organization_invitations_token_hash ON organization_invitations (token_hash);
        CREATE INDEX ix_organization_invitations_organization_id_created_at ON organization_invitations (organization_id, created_at);
        CREATE INDEX ix_organization_invitations_invited_by ON organization_invitations (invited_by);
        CREATE UNIQUE INDEX ix_organization_invitations_pending ON organization_invitations (organization_id, normalized_email) WHERE status = 'pending';
        """;

    // An owner is a person or an organisation, which no foreign key can say. The lock keeps the owner until the row is there.
    private const string CreateOwnerRule = """
        CREATE FUNCTION require_owner() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.owner_id = NEW.user_id THEN RETURN NEW; END IF;
            PERFORM 1 FROM organizations WHERE id = NEW.owner_id FOR KEY SHARE;
            IF FOUND THEN RETURN NEW; END IF;
            PERFORM 1 FROM users WHERE id = NEW.owner_id FOR KEY SHARE;
            IF FOUND THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'owner % does not exist', NEW.owner_id USING ERRCODE = 'foreign_key_violation';
        END $$;
        CREATE TRIGGER projects_require_owner BEFORE INSERT OR UPDATE OF owner_id ON projects
            FOR EACH ROW EXECUTE FUNCTION require_owner();
        """;

    // An account that goes takes along what is its own, and the organisations that nobody else is in. What it made for others gets
    // somebody else of the owner as its maker; without that the foreign keys of user_id would delete it.
    private const string CreateLeaving = """
        CREATE FUNCTION maker_after(owner uuid, leaving uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
            SELECT COALESCE(
                (SELECT id FROM users WHERE id = owner),
                (SELECT user_id FROM organization_members WHERE organization_id = owner AND user_id <> leaving
                 ORDER BY array_position(ARRAY['owner', 'admin', 'developer', 'viewer'], role::text), created_at, user_id LIMIT 1))
        $$;

        CREATE FUNCTION leave_organizations() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            alone uuid[];
        BEGIN
            PERFORM 1 FROM organizations
                WHERE id IN (SELECT organization_id FROM organization_members WHERE user_id = OLD.id) ORDER BY id FOR UPDATE;
            IF EXISTS (
                SELECT 1 FROM organization_members mine WHERE mine.user_id = OLD.id AND mine.role = 'owner'
                AND EXISTS (SELECT 1 FROM organization_members m WHERE m.organization_id = mine.organization_id AND m.user_id <> OLD.id)
                AND NOT EXISTS (SELECT 1 FROM organization_members m WHERE m.organization_id = mine.organization_id AND m.user_id <> OLD.id AND m.role = 'owner'))
            THEN RAISE EXCEPTION 'account % is the last owner of an organisation', OLD.id USING ERRCODE = 'restrict_violation'; END IF;

            SELECT array_agg(mine.organization_id) INTO alone FROM organization_members mine WHERE mine.user_id = OLD.id
                AND NOT EXISTS (SELECT 1 FROM organization_members m WHERE m.organization_id = mine.organization_id AND m.user_id <> OLD.id);
            DELETE FROM projects WHERE owner_id = OLD.id OR owner_id = ANY(alone);
            DELETE FROM organizations WHERE id = ANY(alone);
            UPDATE projects SET user_id = COALESCE(maker_after(owner_id, OLD.id), user_id) WHERE user_id = OLD.id;
            UPDATE deployments SET user_id = COALESCE(maker_after(owner_id, OLD.id), user_id) WHERE user_id = OLD.id;
            RETURN OLD;
        END $$;
        CREATE TRIGGER users_leave_organizations BEFORE DELETE ON users
            FOR EACH ROW EXECUTE FUNCTION leave_organizations();
        """;

    private const string Drop = """
        DROP TRIGGER users_leave_organizations ON users;
        DROP TRIGGER projects_require_owner ON projects;
        DROP FUNCTION leave_organizations();
        DROP FUNCTION maker_after(uuid, uuid);
        DROP FUNCTION require_owner();
        DROP TABLE organization_invitations, organization_members, organizations;
        """;

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(CreateTables);
        migrationBuilder.Sql(CreateOwnerRule);
        migrationBuilder.Sql(CreateLeaving);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Drop);
}
