namespace Platform.Core.Jobs;

/// <summary>The queues of the platform.</summary>
public static class JobQueues
{
    /// <summary>Deployments, served by the build worker.</summary>
    public const string Deployments = "deployments";

    /// <summary>Runs of code, served by the execution worker.</summary>
    public const string Executions = "executions";

    /// <summary>What is told to GitHub, served by the build worker.</summary>
    public const string GitHub = "github";
}
