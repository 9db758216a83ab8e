using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Admin;

/// <summary>
/// Closes and opens accounts and makes administrators. The last administrator is safe: nobody does this to themselves, and changes come one
/// after the other, each looking again whether its author still administers, so that of two that close each other's account one stays.
/// Methods answer why not, or null when it is done.
/// </summary>
internal sealed class AccountAdministration(
    PlatformDbContext database, SessionService sessions, IAuditLog audit, ILookupNormalizer normalizer, TimeProvider time)
{
    // Any number that nothing else in this database locks: "admins" as bytes.
    private const long AdministratorsLock = 0x61646D696E73;

    public Task<ErrorResult?> DisableAsync(Guid id, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            async (user, token) =>
            {
                if (user.DisabledAt is not null) return null;
                DateTimeOffset? now = time.GetUtcNow();
                await database.Users.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, now), token);
                await database.ApiTokens.Where(row => row.UserId == id && row.RevokedAt == null)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now), token);
                await sessions.EndAllAsync(id, except: null, token);
                await RecordAsync(AuditActions.AccountDisabled, actor, id, [], token);
                return null;
            },
            cancellationToken);

    public Task<ErrorResult?> EnableAsync(Guid id, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            async (user, token) =>
            {
                if (user.DisabledAt is null) return null;
                await database.Users.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, (DateTimeOffset?)null), token);
                await RecordAsync(AuditActions.AccountEnabled, actor, id, [], token);
                return null;
            },
            cancellationToken);

    public Task<ErrorResult?> ChangeRoleAsync(Guid id, string role, CurrentUser actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            actor,
            async (_, token) =>
            {
                var administers = role == PlatformRoles.Admin;
                if (await Administrators().ContainsAsync(id, token) == administers) return null;
                var roleId = await FindOrCreateRoleAsync(token);
                if (administers)
                {
                    database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = id, RoleId = roleId });
                    await database.SaveChangesAsync(token);
                }
                else
                {
                    await database.UserRoles.Where(member => member.UserId == id && member.RoleId == roleId).ExecuteDeleteAsync(token);
                }

                await RecordAsync(AuditActions.AccountRoleChanged, actor, id, new(StringComparer.Ordinal) { ["to"] = role }, token);
                return null;
            },
            cancellationToken);

    private Task<ErrorResult?> ChangeAsync(
        Guid id, CurrentUser actor, Func<PlatformUser, CancellationToken, Task<ErrorResult?>> change, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdministratorsLock})", token);
                if (!await OpenAdministrators().ContainsAsync(actor.Id, token)) return AdminErrors.NoLonger;
                if (await database.Users.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, token) is not { } user) return AdminErrors.NotFound(id);
                return id == actor.Id ? AdminErrors.Oneself : await change(user, token);
            },
            cancellationToken);

    private async Task<Guid> FindOrCreateRoleAsync(CancellationToken cancellationToken)
    {
        var known = await database.Roles.AsNoTracking().FirstOrDefaultAsync(role => role.Name == PlatformRoles.Admin, cancellationToken);
        if (known is not null) return known.Id;
        var role = new IdentityRole<Guid>(PlatformRoles.Admin) { NormalizedName = normalizer.NormalizeName(PlatformRoles.Admin) };
        database.Roles.Add(role);
        await database.SaveChangesAsync(cancellationToken);
        return role.Id;
    }

    private IQueryable<Guid> Administrators() =>
        database.UserRoles.Where(member => database.Roles.Any(role => role.Id == member.RoleId && role.Name == PlatformRoles.Admin)).Select(member => member.UserId);

    private IQueryable<Guid> OpenAdministrators() =>
        Administrators().Where(id => database.Users.Any(user => user.Id == id && user.DisabledAt == null));

    private Task RecordAsync(string action, CurrentUser actor, Guid id, Dictionary<string, string?> details, CancellationToken cancellationToken) =>
        audit.RecordAsync(new AuditEntry(action, actor.Id, "user", id.ToString()) { OwnerId = id, Details = details }, cancellationToken);
}
