using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

/// <summary>Creates, renames and deletes organisations. Methods that can refuse answer the refusal, or null when it is done.</summary>
internal sealed class OrganizationService(
    PlatformDbContext database,
    IAccessControl access,
    IAuditLog audit,
    IEnumerable<IOwnedResources> resources,
    IOptions<OrganizationOptions> options,
    TimeProvider time)
{
    private const int CreateAttempts = 5;

    /// <returns>The organisation's id, or why not.</returns>
    public async Task<(Guid Id, ErrorResult? Refusal)> CreateAsync(CreateOrganizationRequest request, CurrentUser user, CancellationToken cancellationToken)
    {
        var name = request.Name!.Trim();
        var slug = request.Slug ?? OrganizationSlug.From(name);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await database.InTransactionAsync(token => InsertAsync(name, slug, user, token), cancellationToken);
            }
            catch (DbUpdateException exception) when (IsTaken(exception))
            {
                if (request.Slug is not null || attempt == CreateAttempts) return (default, OrganizationErrors.SlugTaken);
                database.ChangeTracker.Clear();
                slug = OrganizationSlug.WithSuffix(OrganizationSlug.From(name));
            }
        }
    }

    public async Task<ErrorResult?> UpdateAsync(Guid id, UpdateOrganizationRequest request, CurrentUser user, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(
                async token =>
                {
                    var organization = await database.LockOrganizationAsync(id, token);
                    if (await access.RefuseAsync(user, organization?.Id, AccessAction.Manage, OrganizationErrors.NotFound(id), token) is { } refusal) return refusal;
                    var (name, slug) = (organization!.Name, organization.Slug);
                    organization.Name = request.Name?.Trim() ?? name;
                    organization.Slug = request.Slug ?? slug;
                    if (organization.Name == name && organization.Slug == slug) return null;
                    organization.UpdatedAt = time.GetUtcNow();
                    await database.SaveChangesAsync(token);
                    await RecordAsync(AuditActions.OrganizationRenamed, user, id, token, ("from", $"{name} ({slug})"), ("to", $"{organization.Name} ({organization.Slug})"));
                    return null;
                },
                cancellationToken);
        }
        catch (DbUpdateException exception) when (IsTaken(exception))
        {
            return OrganizationErrors.SlugTaken;
        }
    }

    public Task<ErrorResult?> DeleteAsync(Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var organization = await database.LockOrganizationAsync(id, token);
                if (await access.RefuseAsync(user, organization?.Id, AccessAction.Own, OrganizationErrors.NotFound(id), token) is { } refusal) return refusal;
                var owned = new List<string>();
                foreach (var kind in resources)
                {
                    if (await kind.CountAsync(id, token) > 0) owned.Add(kind.Kind);
                }

                if (owned.Count > 0) return OrganizationErrors.NotEmpty(string.Join(", ", owned));
                await database.Organizations.Where(row => row.Id == id).ExecuteDeleteAsync(token);
                await RecordAsync(AuditActions.OrganizationDeleted, user, id, token, ("name", organization!.Name), ("slug", organization.Slug));
                return null;
            },
            cancellationToken);

    private async Task<(Guid Id, ErrorResult? Refusal)> InsertAsync(string name, string slug, CurrentUser user, CancellationToken cancellationToken)
    {
        // Counted under the account's lock: many at once are no way around the limit.
        await database.Database.ExecuteSqlAsync($"SELECT 1 FROM users WHERE id = {user.Id} FOR NO KEY UPDATE", cancellationToken);
        var owned = await database.OrganizationMembers.CountAsync(member => member.UserId == user.Id && member.Role == OrganizationRole.Owner, cancellationToken);
        if (owned >= options.Value.MaxOwned) return (default, OrganizationErrors.TooMany);

        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        database.Organizations.Add(new Organization { Id = id, Name = name, Slug = slug, CreatedAt = now, UpdatedAt = now });
        database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = id, UserId = user.Id, Role = OrganizationRole.Owner, CreatedAt = now });
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(AuditActions.OrganizationCreated, user, id, cancellationToken, ("name", name), ("slug", slug));
        return (id, null);
    }

    private Task RecordAsync(string action, CurrentUser user, Guid id, CancellationToken cancellationToken, params ReadOnlySpan<(string Name, string? Value)> details) =>
        audit.RecordAsync(OrganizationAudit.Entry(action, user, id, "organization", id.ToString(), details), cancellationToken);

    private static bool IsTaken(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_organizations_slug" };
}
