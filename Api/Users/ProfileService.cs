using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.OAuth;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Users;

/// <summary>What an account says about itself.</summary>
internal sealed class ProfileService(PlatformDbContext database, TimeProvider time)
{
    public async Task<ProfileResponse?> FindAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await database.Users.AsNoTracking().Where(row => row.Id == caller.Id).Select(row => new
        {
            User = row,
            Journey = database.UserJourneys.FirstOrDefault(journey => journey.UserId == row.Id),
            Pending = database.EmailChanges.Where(change => change.UserId == row.Id && change.ConfirmedAt == null && change.ExpiresAt > now)
                .OrderByDescending(change => change.CreatedAt).Select(change => change.NewEmail).FirstOrDefault(),
        }).SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;
        var logins = await LoginsApi.ReadAsync(database, caller.Id, cancellationToken);
        var (user, journey) = (found.User, found.Journey);
        return new ProfileResponse(
            user.Id, user.Name, user.Email ?? "", user.EmailConfirmed, found.Pending, user.AvatarUrl, caller.Role,
            journey?.UserType, journey?.HostingOption, journey?.HostingTarget,
            user.TwoFactorEnabled, logins.HasPassword, logins.Logins, user.CreatedAt, user.UpdatedAt);
    }

    public Task<int> RenameAsync(Guid userId, string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.Users.Where(row => row.Id == userId)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Name, name).SetProperty(each => each.UpdatedAt, now), cancellationToken);
    }

    public async Task<PreferencesResponse> GetPreferencesAsync(Guid userId, CancellationToken cancellationToken)
    {
        var found = await database.UserPreferences.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken) ?? new UserPreferences();
        return new PreferencesResponse(found.Theme, found.EmailNotifications, found.DeploymentSuccessNotifications, found.DeploymentFailureNotifications);
    }

    public async Task<PreferencesResponse> SetPreferencesAsync(Guid userId, UpdatePreferencesRequest request, CancellationToken cancellationToken)
    {
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        // One statement: of two tabs that change different things neither undoes the other.
        await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO user_preferences AS p (id, user_id, theme, email_notifications, deployment_success_notifications, deployment_failure_notifications, created_at, updated_at)
             VALUES ({id}, {userId}, COALESCE({request.Theme}, 'system'), COALESCE({request.EmailNotifications}, true),
                     COALESCE({request.DeploymentSuccessNotifications}, true), COALESCE({request.DeploymentFailureNotifications}, true), {now}, {now})
             ON CONFLICT (user_id) DO UPDATE SET
                 theme = COALESCE({request.Theme}, p.theme),
                 email_notifications = COALESCE({request.EmailNotifications}, p.email_notifications),
                 deployment_success_notifications = COALESCE({request.DeploymentSuccessNotifications}, p.deployment_success_notifications),
                 deployment_failure_notifications = COALESCE({request.DeploymentFailureNotifications}, p.deployment_failure_notifications),
                 updated_at = excluded.updated_at
             """,
            cancellationToken);
        return await GetPreferencesAsync(userId, cancellationToken);
    }
}
