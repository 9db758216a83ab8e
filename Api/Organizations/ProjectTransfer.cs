using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Hands a project with its deployments and uploads to another owner.</summary>
internal sealed class ProjectTransfer(
    PlatformDbContext database, ProjectArchives archives, ReceiverQuota quota, IAccessControl access, IAuditLog audit, TimeProvider time)
{
    /// <returns>Why not, or null when it is done.</returns>
    public async Task<ErrorResult?> RunAsync(Guid id, Guid newOwner, CurrentUser user, CancellationToken cancellationToken)
    {
        var project = await database.Projects.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (await RefuseAsync(project, id, newOwner, user, cancellationToken) is { } refusal) return refusal;
        var oldOwner = project!.OwnerId;
        if (oldOwner == newOwner) return null;
        var isHandedOver = false;
        try
        {
            var refused = await database.InTransactionAsync(token => HandOverAsync(project, newOwner, user, token), cancellationToken);
            isHandedOver = refused is null;
            return refused;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return OrganizationErrors.ProjectExists;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return OrganizationErrors.OwnerNotFound(newOwner);
        }
        finally
        {
            await archives.DropAsync(id, isHandedOver ? oldOwner : newOwner, CancellationToken.None);
        }
    }

    private async Task<ErrorResult?> RefuseAsync(Project? project, Guid id, Guid newOwner, CurrentUser user, CancellationToken cancellationToken) =>
        await access.RefuseAsync(user, project?.OwnerId, AccessAction.Manage, OrganizationErrors.ProjectNotFound(id), cancellationToken)
        ?? await access.RefuseAsync(user, newOwner, AccessAction.Deploy, OrganizationErrors.OwnerNotFound(newOwner), cancellationToken);

    private async Task<ErrorResult?> HandOverAsync(Project seen, Guid newOwner, CurrentUser user, CancellationToken cancellationToken)
    {
        var id = seen.Id;
        // Other projects for the same receiver wait; deployments and uploads do not.
        await quota.TakeTurnAsync(newOwner, cancellationToken);
        if (await quota.RefuseAsync(id, seen.OwnerId, newOwner, cancellationToken) is { } full) return full;
        // Before anybody has to wait for the project; afterwards only what was uploaded since is left.
        await archives.CopyAsync(id, seen.OwnerId, newOwner, cancellationToken);
        // Held until the end: deployments that are created meanwhile are created before or after, never in between.
        var project = (await database.Projects.FromSql($"SELECT * FROM projects WHERE id = {id} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken)).FirstOrDefault();
        if (await RefuseAsync(project, id, newOwner, user, cancellationToken) is { } refusal) return refusal;
        var oldOwner = project!.OwnerId;
        if (oldOwner == newOwner) return null;
        await archives.CopyAsync(id, oldOwner, newOwner, cancellationToken);
        if (await quota.RefuseAsync(id, oldOwner, newOwner, cancellationToken) is { } overfull) return overfull;

        var now = time.GetUtcNow();
        await database.Projects.Where(row => row.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.OwnerId, newOwner).SetProperty(each => each.UpdatedAt, now), cancellationToken);
        await database.Deployments.Where(row => row.ProjectId == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.OwnerId, newOwner), cancellationToken);
        // Both sides see it in their logs.
        foreach (var owner in new[] { oldOwner, newOwner })
        {
            await audit.RecordAsync(
                OrganizationAudit.Entry(
                    AuditActions.ProjectTransferred, user, owner, "project", id.ToString(), ("from", oldOwner.ToString()), ("to", newOwner.ToString())),
                cancellationToken);
        }

        return null;
    }
}

/// <summary>Projects, when an organisation is to be deleted.</summary>
internal sealed class OwnedProjects(PlatformDbContext database) : IOwnedResources
{
    public string Kind => "projects";

    public Task<long> CountAsync(Guid ownerId, CancellationToken cancellationToken) =>
        database.Projects.LongCountAsync(project => project.OwnerId == ownerId, cancellationToken);
}
