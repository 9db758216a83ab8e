using Platform.Core.Jobs;

namespace Platform.Core.Notifications;

/// <summary>
/// Tell people and webhooks what has happened to a deployment. Triggers of the database place it in the outbox, in the transaction that changes the row: whoever
/// moves a deployment, by EF or by SQL, need not think of it.
/// </summary>
/// <param name="DeploymentId">Which.</param>
/// <param name="Event">One of <see cref="DeploymentEvents"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Key">The same for the same happening: whoever was told with it is not told again.</param>
public sealed record NotifyDeploymentJob(Guid DeploymentId, string Event, DateTimeOffset At, string Key) : IJob
{
    /// <inheritdoc />
    public static string Type => "notify-deployment";

    /// <inheritdoc />
    public static string Queue => JobQueues.Notifications;
}
