namespace Platform.Core.Data.Entities;

/// <summary>A run of code that somebody with an account asked for. Source and outputs are the owner's data and go with the row.</summary>
public sealed class StoredExecution
{
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    /// <summary>Who asked for it.</summary>
    public Guid UserId { get; set; }

    /// <summary>The batch that it came with, or null.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>Id of the language.</summary>
    public required string Language { get; set; }

    /// <summary>One of <see cref="ExecutionMode"/>.</summary>
    public required string Mode { get; set; }

    /// <summary>One of <see cref="ExecutionStatus"/>.</summary>
    public string Status { get; set; } = ExecutionStatus.Queued;

    /// <summary>How it ended: a <c>RunVerdict</c> as on the wire; null before the end.</summary>
    public string? Verdict { get; set; }

    /// <summary>The request: JSON, compressed.</summary>
    public required byte[] Request { get; set; }

    /// <summary>The answer: JSON, compressed; null before the end.</summary>
    public byte[]? Result { get; set; }

    public double? TimeMs { get; set; }

    public long? MemoryKb { get; set; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>Who has it waits for an image that is being built: it takes none of its owner's places.</summary>
    public bool AwaitsImage { get; set; }

    /// <summary>The Api instance that works on it.</summary>
    public Guid? LeaseOwner { get; set; }

    /// <summary>Until then that instance must have renewed the lease, or another one takes the run.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Who is told about the end, or null.</summary>
    public string? CallbackUrl { get; set; }

    /// <summary>Key of the signature, encrypted.</summary>
    public string? CallbackSecret { get; set; }

    /// <summary>One of <see cref="ExecutionCallbackState"/>; null without a callback.</summary>
    public string? CallbackState { get; set; }

    public int CallbackAttempts { get; set; }

    public DateTimeOffset? CallbackNextAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>How the caller of a run learns of its end.</summary>
public static class ExecutionMode
{
    /// <summary>By the answer to the request.</summary>
    public const string Sync = "sync";

    /// <summary>By asking again, or by a callback.</summary>
    public const string Async = "async";

    public static IReadOnlyList<string> All { get; } = [Sync, Async];
}

/// <summary>The states of a run: <c>queued → compiling → running → completed</c>, any of the middle ones may be skipped.</summary>
public static class ExecutionStatus
{
    public const string Queued = "queued";
    public const string Compiling = "compiling";
    public const string Running = "running";
    public const string Completed = "completed";

    public static IReadOnlyList<string> All { get; } = [Queued, Compiling, Running, Completed];
}

/// <summary>The states of a callback.</summary>
public static class ExecutionCallbackState
{
    /// <summary>For the end of the run.</summary>
    public const string Waiting = "waiting";

    /// <summary>It is being delivered, with repetitions.</summary>
    public const string Pending = "pending";

    public const string Delivered = "delivered";

    /// <summary>Given up.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Waiting, Pending, Delivered, Failed];
}
