using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data;

namespace Platform.Api.Access;

/// <summary>Asks the database anew each time, by a context of its own: nothing that was true when the stream began is believed.</summary>
internal sealed class AccessWatch(IServiceScopeFactory scopes, TimeProvider time) : IAccessWatch
{
    public async Task<bool> IsStillAllowedAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        if (!await IsSignedInAsync(database, user, cancellationToken)) return false;
        var access = scope.ServiceProvider.GetRequiredService<IAccessControl>();
        return await access.DecideAsync(user, ownerId, action, cancellationToken) == AccessDecision.Allowed;
    }

    private Task<bool> IsSignedInAsync(PlatformDbContext database, CurrentUser user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return user.Token is { } token
            ? database.LiveApiTokens(now).AnyAsync(row => row.Id == token.Id && row.UserId == user.Id, cancellationToken)
            : database.LiveSessions(now).AnyAsync(row => row.Id == user.SessionId && row.UserId == user.Id, cancellationToken);
    }
}
