using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Admin;

/// <summary>Reads accounts for administrators.</summary>
internal sealed class AdminQueries(PlatformDbContext database, TimeProvider time)
{
    public async Task<AdminUserListResponse> ListAsync(AdminUserQuery query, CancellationToken cancellationToken)
    {
        var page = new PageQuery(query.Page, query.Limit);
        var found = Filter(query);
        var total = await found.LongCountAsync(cancellationToken);
        if (TimeCursor.TryRead(query.Cursor, out var cursor))
        {
            var (at, id) = cursor;
            found = found.Where(user => EF.Functions.LessThan(ValueTuple.Create(user.CreatedAt, user.Id), ValueTuple.Create(at, id)));
        }

        var rows = await Rows(found.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id).Skip(cursor is null ? page.Skip : 0).Take(page.Size + 1))
            .ToListAsync(cancellationToken);
        var users = rows.Take(page.Size).ToList();
        var next = rows.Count > page.Size ? new TimeCursor(users[^1].CreatedAt, users[^1].Id).ToString() : null;
        return new AdminUserListResponse(users, PaginationResponse.Of(page, total), next);
    }

    public async Task<AdminUserDetailResponse?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await Rows(database.Users.AsNoTracking().Where(user => user.Id == id)).SingleOrDefaultAsync(cancellationToken) is not { } user) return null;
        var now = time.GetUtcNow();
        return new AdminUserDetailResponse(
            user,
            await database.Sessions.Where(session => session.UserId == id).MaxAsync(session => (DateTimeOffset?)session.LastSeenAt, cancellationToken),
            await database.Sessions.CountAsync(session => session.UserId == id && session.RevokedAt == null && session.ExpiresAt > now, cancellationToken),
            await database.ApiTokens.CountAsync(token => token.UserId == id && token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now), cancellationToken),
            await database.OrganizationMembers.CountAsync(member => member.UserId == id, cancellationToken),
            await database.Projects.CountAsync(project => project.OwnerId == id, cancellationToken));
    }

    private IQueryable<PlatformUser> Filter(AdminUserQuery query)
    {
        var found = database.Users.AsNoTracking();
        if (query.Status == AdminUserQueryValidator.Active) found = found.Where(user => user.DisabledAt == null);
        if (query.Status == AdminUserQueryValidator.Disabled) found = found.Where(user => user.DisabledAt != null);
        if (query.Role is { Length: > 0 } role)
        {
            var wanted = role == PlatformRoles.Admin;
            var administrators = Administrators();
            found = found.Where(user => administrators.Contains(user.Id) == wanted);
        }

        if (query.Search?.Trim() is not { Length: > 0 } search) return found;
        var pattern = $"%{search.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        return found.Where(user => EF.Functions.ILike(user.Name, pattern, "\\") || EF.Functions.ILike(user.Email!, pattern, "\\"));
    }

    private IQueryable<AdminUserResponse> Rows(IQueryable<PlatformUser> users)
    {
        var administrators = Administrators();
        return users.Select(user => new AdminUserResponse(
            user.Id,
            user.Name,
            user.Email!,
            user.EmailConfirmed,
            administrators.Contains(user.Id) ? PlatformRoles.Admin : PlatformRoles.User,
            user.CreatedAt,
            user.DisabledAt));
    }

    private IQueryable<Guid> Administrators() =>
        database.UserRoles.Where(member => database.Roles.Any(role => role.Id == member.RoleId && role.Name == PlatformRoles.Admin)).Select(member => member.UserId);
}
