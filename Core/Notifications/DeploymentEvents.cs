namespace Platform.Core.Notifications;

/// <summary>What happens to deployments, as notifications and outgoing webhooks name it.</summary>
public static class DeploymentEvents
{
    /// <summary>Waits for a worker.</summary>
    public const string Queued = "deployment.queued";

    /// <summary>A worker has begun; told once, however many workers it takes.</summary>
    public const string Building = "deployment.building";

    /// <summary>Published.</summary>
    public const string Succeeded = "deployment.succeeded";

    /// <summary>Ended by a failure.</summary>
    public const string Failed = "deployment.failed";

    /// <summary>Ended because somebody asked for it, or something newer took its place.</summary>
    public const string Cancelled = "deployment.cancelled";

    /// <summary>Production moved to it, by itself or by hand.</summary>
    public const string Promoted = "deployment.promoted";

    /// <summary>All of them, in the order of a deployment's life.</summary>
    public static IReadOnlyList<string> All { get; } = [Queued, Building, Succeeded, Failed, Cancelled, Promoted];
}
