namespace Platform.Core.Jobs.Execution;

/// <summary>The part of an engine that takes jobs whose arguments are already JSON.</summary>
internal interface IJobStore
{
    /// <summary>Places a job; a second call with the same id changes nothing.</summary>
    Task PlaceAsync(PlacedJob job, CancellationToken cancellationToken);
}
