namespace Platform.Core.Data.Entities;

/// <summary>What a user chose for themselves.</summary>
public sealed class UserPreferences
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>light, dark or system.</summary>
    public string Theme { get; set; } = "system";

    public bool EmailNotifications { get; set; } = true;

    public bool DeploymentSuccessNotifications { get; set; } = true;

    public bool DeploymentFailureNotifications { get; set; } = true;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
