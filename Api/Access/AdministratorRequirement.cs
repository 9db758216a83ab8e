using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;

namespace Platform.Api.Access;

/// <summary>The caller administers the installation now, whatever a token says that is minutes old.</summary>
internal sealed class AdministratorRequirement : IAuthorizationRequirement;

/// <summary>
/// Asks the database, which is opened only then: the framework makes every handler for every request. An API token never administers.
/// </summary>
internal sealed class AdministratorHandler(IServiceProvider services) : AuthorizationHandler<AdministratorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AdministratorRequirement requirement)
    {
        if (CurrentUser.From(context.User) is not { Token: null } user) return;
        var stop = (context.Resource as HttpContext)?.RequestAborted ?? CancellationToken.None;
        var database = services.GetRequiredService<PlatformDbContext>();
        var isAdministrator = await database.Users
            .Where(row => row.Id == user.Id && row.DisabledAt == null)
            .Join(database.UserRoles, row => row.Id, member => member.UserId, (_, member) => member.RoleId)
            .Join(database.Roles, id => id, role => role.Id, (_, role) => role.Name)
            .AnyAsync(name => name == PlatformRoles.Admin, stop);
        if (isAdministrator) context.Succeed(requirement);
    }
}
