namespace Platform.Core.Jobs;

/// <summary>The queues of the platform.</summary>
public static class JobQueues
{
    /// <summary>Deployments, served by the build worker.</summary>
    public const string Deployments = "deployments";

    /// <summary>Runs of code, served by the execution worker.</summary>
    public const string Executions = "executions";

    /// <summary>Telling people and webhooks what has happened, served by the Api.</summary>
    public const string Notifications = "notifications";

    /// <summary>Calls of outgoing webhooks, served by the Api.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>What is told to GitHub, served by the build worker.</summary>
    public const string GitHub = "github";
}
