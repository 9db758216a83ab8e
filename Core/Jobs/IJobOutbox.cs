namespace Platform.Core.Jobs;

/// <summary>
/// Places jobs as part of a database transaction: the row is written with the rest of the unit of work and relayed to the engine after
/// it committed, also when the process dies in between.
/// </summary>
public interface IJobOutbox
{
    /// <summary>Adds the job to the current unit of work; the caller saves. Returns the id that the job will have.</summary>
    Guid Add<TJob>(TJob job, EnqueueOptions? options = null)
        where TJob : IJob;

    /// <summary>Call after the save: relays at once instead of at the relay's next look. Failure is not an error, the relay will do it.</summary>
    Task RelayAsync(CancellationToken cancellationToken);
}
