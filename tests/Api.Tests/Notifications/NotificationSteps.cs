using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Notifications;

/// <summary>Moves deployments as a worker does: by their rows.</summary>
internal static class NotificationSteps
{
    public static async Task<Guid> AddProjectAsync(this ApiFactory api, ApiUser user, Guid? owner = null)
    {
        var id = Guid.CreateVersion7();
        await using var database = api.CreateContext();
        database.Projects.Add(new Project
        {
            Id = id,
            OwnerId = owner ?? user.Id,
            UserId = user.Id,
            Name = "shop",
            Slug = $"p{id:N}"[..30],
            Repository = $"https://git.example.com/{id:N}",
            CreatedAt = api.Time.GetUtcNow(),
            UpdatedAt = api.Time.GetUtcNow(),
        });
        await database.SaveChangesAsync();
        return id;
    }

    public static async Task<Guid> AddDeploymentAsync(this ApiFactory api, ApiUser user, Guid project, Guid? owner = null)
    {
        var id = Guid.CreateVersion7();
        await using var database = api.CreateContext();
        database.Deployments.Add(new Deployment
        {
            Id = id,
            OwnerId = owner ?? user.Id,
            UserId = user.Id,
            ProjectId = project,
            Branch = "main",
            CommitHash = "0123456789abcdef",
            CreatedAt = api.Time.GetUtcNow(),
        });
        await database.SaveChangesAsync();
        return id;
    }

    public static async Task MoveAsync(this ApiFactory api, Guid deployment, string status, string? error = null)
    {
        await using var database = api.CreateContext();
        await database.Deployments.Where(row => row.Id == deployment).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Status, status).SetProperty(row => row.ErrorMessage, error).SetProperty(row => row.DeployedUrl, "http://shop.apps.localhost"));
    }

    public static async Task PreferAsync(this ApiFactory api, ApiUser user, bool mail, bool success, bool failure)
    {
        await using var database = api.CreateContext();
        await database.UserPreferences.Where(row => row.UserId == user.Id).ExecuteDeleteAsync();
        database.UserPreferences.Add(new UserPreferences
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id,
            EmailNotifications = mail,
            DeploymentSuccessNotifications = success,
            DeploymentFailureNotifications = failure,
        });
        await database.SaveChangesAsync();
    }
}
