namespace Platform.Core.Jobs.Hangfire;

/// <summary>
/// One queue of Hangfire per priority of ours: it serves queues in the order of their names, and a name has lower-case letters, digits,
/// dashes and underscores only.
/// </summary>
internal static class HangfireQueueNames
{
    public static string Of(string queue, JobPriority priority) => priority switch
    {
        JobPriority.High => $"{queue}-1-high",
        JobPriority.Normal => $"{queue}-2-normal",
        JobPriority.Low => $"{queue}-3-low",
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "No such priority."),
    };

    public static string[] AllOf(string queue) => [Of(queue, JobPriority.High), Of(queue, JobPriority.Normal), Of(queue, JobPriority.Low)];
}
