namespace Platform.Api.Common.Notifications;

/// <summary>Tells people within the application. Part of the caller's database transaction when there is one; open pages learn of it by the commit.</summary>
internal interface INotifier
{
    /// <summary>Adds one notification.</summary>
    /// <returns>False: nobody was told, because the account is gone or was told with the same key before.</returns>
    Task<bool> NotifyAsync(Guid userId, NewNotification notification, CancellationToken cancellationToken);
}

/// <param name="Type">A word of <see cref="NotificationTypes"/>.</param>
/// <param name="Title">One line.</param>
/// <param name="Message">A sentence or two of plain text; never a secret.</param>
internal sealed record NewNotification(string Type, string Title, string Message)
{
    /// <summary>The page of the application that shows more, as a path.</summary>
    public string? Link { get; init; }

    /// <summary>Facts for programs.</summary>
    public IReadOnlyDictionary<string, string?> Data { get; init; } = new Dictionary<string, string?>();

    /// <summary>The same for the same happening, which is told once.</summary>
    public string? Key { get; init; }
}

/// <summary>Kinds of notifications; clients choose an icon by them, so they stay.</summary>
internal static class NotificationTypes
{
    public const string DeploymentSucceeded = "deployment.succeeded";
    public const string DeploymentFailed = "deployment.failed";
    public const string InvitationReceived = "invitation.received";
    public const string InvitationAccepted = "invitation.accepted";
    public const string Security = "security";
    public const string WebhookDisabled = "webhook.disabled";
}
