namespace Platform.Core.Data.Entities;

/// <summary>A job that was decided in a transaction and waits to be relayed to the job engine.</summary>
public sealed class OutboxJob
{
    /// <summary>The id that the job will have, which makes relaying twice harmless.</summary>
    public Guid Id { get; set; }

    public required string Type { get; set; }

    public required string Queue { get; set; }

    /// <summary>The arguments as JSON.</summary>
    public required string Payload { get; set; }

    /// <summary>See <c>JobPriority</c>; higher goes first.</summary>
    public short Priority { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public int MaxAttempts { get; set; }

    /// <summary>See <c>EnqueueOptions.FairnessKey</c>.</summary>
    public string? FairnessKey { get; set; }

    /// <summary>W3C <c>traceparent</c> of the request that decided it.</summary>
    public string? TraceParent { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
