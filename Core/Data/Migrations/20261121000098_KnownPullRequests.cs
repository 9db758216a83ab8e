using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Core.Data.Migrations;

/// <summary>
/// Projects that listened to GitHub before open pull requests were remembered have them read once: the job that looks after a project's webhook does
/// so, and finds nothing else to do.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261121000098_KnownPullRequests")]
internal sealed class KnownPullRequestsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        INSERT INTO outbox_jobs (id, type, queue, payload, priority, not_before, max_attempts, created_at)
        SELECT gen_random_uuid(), 'sync-github-webhook', 'github', json_build_object('projectId', id)::text, 0, now(), 5, now()
        FROM projects WHERE github_repo_id IS NOT NULL AND auto_deploy;
        """);

    // Jobs that are placed do no harm, and what they have learned is kept by an earlier migration's table.
    protected override void Down(MigrationBuilder migrationBuilder)
    {
    }
}
