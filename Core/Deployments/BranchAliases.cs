using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Core.Deployments;

/// <summary>
/// The stable addresses of branches: <c>git-branch--project</c>, and <c>pr-number--project</c> for commits of forks, which never take the name of a branch
/// of the project. Nothing points anywhere: what an address shows is the newest success of its branch, so that it moves with the success and
/// falls back when that is deleted.
/// </summary>
public static class BranchAliases
{
    /// <summary>A label has 63 characters; the slug's are at most 29 of them, and 2 are the separator's.</summary>
    public const int MaxNameLength = 63 - SiteAddresses.MaxSlugLength - 2;

    private const string OfBranch = "git-";
    private const string OfPullRequest = "pr-";
    private const int HashLength = 8;

    /// <summary>SQL: the deployment <c>d</c> belongs to the alias <c>a</c>. Only commits of forks need approval.</summary>
    internal const string Belongs = """
        d.project_id = a.project_id AND CASE WHEN a.pull_request IS NULL THEN d.approval IS NULL AND d.branch = a.branch
            ELSE d.approval IS NOT NULL AND d.pull_request = a.pull_request END
        """;

    /// <summary>SQL: the id of what the alias <c>@alias</c> of the project <c>p</c> shows.</summary>
    public const string Shown = $"""
        SELECT d.id FROM branch_aliases a JOIN deployments d ON d.owner_id = p.owner_id AND {Belongs}
        WHERE a.project_id = p.id AND a.name = @alias AND d.status = 'success' AND d.manifest IS NOT NULL AND (a.closed_at IS NULL OR d.created_at > a.closed_at)
        ORDER BY d.created_at DESC, d.id DESC LIMIT 1
        """;

    /// <summary>True for what stands before the separator in the address of a branch.</summary>
    public static bool IsName(string label) =>
        label.Length <= MaxNameLength && (label.StartsWith(OfBranch, StringComparison.Ordinal) || label.StartsWith(OfPullRequest, StringComparison.Ordinal));

    /// <summary>
    /// The names that a branch may have, the first that is free is taken: lower-case letters, digits and single dashes, and an ending of its own
    /// where these are too many or another branch was there first.
    /// </summary>
    public static IReadOnlyList<string> NamesOf(string branch)
    {
        var slug = SlugOf(branch);
        var room = MaxNameLength - OfBranch.Length;
        var ending = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(branch)))[..HashLength];
        var start = slug[..Math.Min(slug.Length, room - HashLength - 1)].TrimEnd('-');
        var distinct = start.Length == 0 ? OfBranch + ending : $"{OfBranch}{start}-{ending}";
        return slug.Length == 0 || slug.Length > room ? [distinct] : [OfBranch + slug, distinct];
    }

    /// <summary>Gives the deployment's branch its name, once. Part of a transaction of the caller's.</summary>
    public static async Task KeepAsync(PlatformDbContext db, Guid deploymentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await db.Deployments.AsNoTracking().Where(row => row.Id == deploymentId)
            .Select(row => new { row.ProjectId, row.Branch, row.Source, row.PullRequest, row.Approval }).FirstOrDefaultAsync(cancellationToken);
        // An uploaded archive is of no branch.
        if (found is null || found.Source?.StartsWith("archive:", StringComparison.Ordinal) == true) return;
        if (found.Approval is null) await KeepAsync(db, found.ProjectId, found.Branch, null, now, cancellationToken);
        else if (found.PullRequest is { } fork) await KeepAsync(db, found.ProjectId, found.Branch, fork, now, cancellationToken);
    }

    /// <summary>The branch or the fork's pull request is gone: its address shows nothing until something newer succeeds.</summary>
    public static async Task CloseAsync(PlatformDbContext db, Guid projectId, string branch, int? fork, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One that has nothing yet may be about to have.
        var isPreviewed = fork is null
            ? await db.Deployments.AnyAsync(row => row.ProjectId == projectId && row.Branch == branch && row.Approval == null, cancellationToken)
            : await db.Deployments.AnyAsync(row => row.ProjectId == projectId && row.PullRequest == fork && row.Approval != null, cancellationToken);
        if (!isPreviewed) return;
        await KeepAsync(db, projectId, branch, fork, now, cancellationToken);
        await Of(db, projectId, branch, fork).ExecuteUpdateAsync(row => row.SetProperty(each => each.ClosedAt, now), cancellationToken);
    }

    /// <summary>The branch or the pull request is there again with what it had.</summary>
    /// <returns>Whether it had been gone.</returns>
    public static async Task<bool> ReopenAsync(PlatformDbContext db, Guid projectId, string branch, int? fork, CancellationToken cancellationToken) =>
        await Of(db, projectId, branch, fork).Where(row => row.ClosedAt != null)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.ClosedAt, (DateTimeOffset?)null), cancellationToken) > 0;

    /// <summary>The alias that a deployment belongs to; null: it has none yet.</summary>
    public static Task<BranchAlias?> FindAsync(PlatformDbContext db, Deployment deployment, CancellationToken cancellationToken) =>
        deployment.Approval is not null && deployment.PullRequest is null
            ? Task.FromResult<BranchAlias?>(null)
            : Of(db, deployment.ProjectId, deployment.Branch, deployment.Approval is null ? null : deployment.PullRequest).AsNoTracking().FirstOrDefaultAsync(cancellationToken);

    /// <summary>The branch or pull request was closed after the deployment was asked for.</summary>
    public static bool IsClosed(BranchAlias alias, Deployment deployment) => alias.ClosedAt is { } closed && deployment.CreatedAt <= closed;

    private static IQueryable<BranchAlias> Of(PlatformDbContext db, Guid projectId, string branch, int? fork) => fork is null
        ? db.BranchAliases.Where(row => row.ProjectId == projectId && row.Branch == branch && row.PullRequest == null)
        : db.BranchAliases.Where(row => row.ProjectId == projectId && row.PullRequest == fork);

    /// <summary>Of two branches that want the same name at the same time one waits for the other and finds it taken.</summary>
    private static async Task KeepAsync(PlatformDbContext db, Guid projectId, string branch, int? fork, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var names = fork is { } number ? [string.Create(CultureInfo.InvariantCulture, $"{OfPullRequest}{number}")] : NamesOf(branch);
        foreach (var name in names)
        {
            var kept = await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO branch_aliases (project_id, name, branch, pull_request, created_at) VALUES ({projectId}, {name}, {branch}, {fork}, {now})
                 ON CONFLICT DO NOTHING
                 """,
                cancellationToken);
            if (kept > 0) return;
        }
    }

    private static string SlugOf(string branch)
    {
        var slug = new StringBuilder(branch.Length);
        foreach (var character in branch.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character)) slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        return slug.ToString().TrimEnd('-');
    }
}
