namespace Platform.Core.Jobs;

/// <summary>The arguments of one kind of job: ids and addresses only, never payloads, so that a row stays small and a retry sees current state.</summary>
public interface IJob
{
    /// <summary>The stable name of this kind of job, stored with it; never a CLR type name.</summary>
    static abstract string Type { get; }

    /// <summary>The queue that this kind of job goes to; see <see cref="JobQueues"/>.</summary>
    static abstract string Queue { get; }

    /// <summary>
    /// False for a job that is worth nothing once the process that waits for it is gone: placing it then does not wait for the disk, and a
    /// crash of the database server within the next fraction of a second may forget it.
    /// </summary>
    static virtual bool IsDurable => true;
}
