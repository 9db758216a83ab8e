using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Organizations;

/// <summary>Hands a project with its deployments to another owner.</summary>
internal sealed class ProjectTransfer(PlatformDbContext database, IAccessControl access, IAuditLog audit, TimeProvider time)
{
    /// <returns>Why not, or null when it is done.</returns>
    public async Task<ErrorResult?> RunAsync(Guid id, Guid newOwner, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(token => HandOverAsync(id, newOwner, user, token), cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return OrganizationErrors.ProjectExists;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return OrganizationErrors.OwnerNotFound(newOwner);
        }
    }

    private async Task<ErrorResult?> HandOverAsync(Guid id, Guid newOwner, CurrentUser user, CancellationToken cancellationToken)
    {
        // Held until the end: deployments that are created meanwhile are created before or after, never in between.
        var project = (await database.Projects.FromSql($"SELECT * FROM projects WHERE id = {id} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken)).FirstOrDefault();
        if (await access.RefuseAsync(user, project?.OwnerId, AccessAction.Manage, OrganizationErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        if (await access.RefuseAsync(user, newOwner, AccessAction.Deploy, OrganizationErrors.OwnerNotFound(newOwner), cancellationToken) is { } notThere) return notThere;
        var oldOwner = project!.OwnerId;
        if (oldOwner == newOwner) return null;

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
