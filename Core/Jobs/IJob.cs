namespace Platform.Core.Jobs;

/// <summary>The arguments of one kind of job: ids and addresses only, never payloads, so that a row stays small and a retry sees current state.</summary>
public interface IJob
{
    /// <summary>The stable name of this kind of job, stored with it; never a CLR type name.</summary>
    static abstract string Type { get; }

    /// <summary>The queue that this kind of job goes to; see <see cref="JobQueues"/>.</summary>
    static abstract string Queue { get; }
}
