namespace Platform.Core.Jobs.Execution;

/// <summary>How an attempt ended.</summary>
internal enum JobOutcomeKind
{
    Succeeded,
    Failed,
    Dead,
    Cancelled,
    Released,
    LeaseLost,
}

/// <param name="Kind">How.</param>
/// <param name="Error">What is kept of the failure.</param>
internal sealed record JobOutcome(JobOutcomeKind Kind, string? Error = null)
{
    public string Name => Kind switch
    {
        JobOutcomeKind.Succeeded => "succeeded",
        JobOutcomeKind.Failed => "failed",
        JobOutcomeKind.Dead => "dead",
        JobOutcomeKind.Cancelled => "cancelled",
        JobOutcomeKind.Released => "released",
        JobOutcomeKind.LeaseLost => "lease_lost",
        _ => throw new InvalidOperationException($"Unknown outcome {Kind}"),
    };
}
