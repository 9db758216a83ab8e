namespace Platform.Core.Jobs;

/// <summary>
/// Run code in a sandbox. The request itself stays with the Api instance that waits for the answer: the worker connects back to it
/// and the two stream directly.
/// </summary>
/// <param name="ExecutionId">Id of the run.</param>
/// <param name="Callback">The WebSocket address of the waiting Api instance for this run.</param>
/// <param name="Token">Secret that this run's worker presents at <paramref name="Callback"/>; worthless for any other run and after its end.</param>
public sealed record RunCodeJob(Guid ExecutionId, Uri Callback, string Token) : IJob
{
    /// <inheritdoc />
    public static string Type => "run-code";

    /// <inheritdoc />
    public static string Queue => JobQueues.Executions;

    /// <inheritdoc />
    public static bool IsDurable => false;

    /// <summary>Leaves the token out, so that no log can carry it.</summary>
    public override string ToString() => $"run-code {ExecutionId}";
}
