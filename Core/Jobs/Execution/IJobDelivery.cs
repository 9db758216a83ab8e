namespace Platform.Core.Jobs.Execution;

/// <summary>What a transport must know of a job to bring it to a worker.</summary>
internal sealed record JobDelivery(Guid Id, string Type, string Queue, JobPriority Priority, TimeSpan Delay);

/// <summary>Brings waiting jobs to workers. Delivering one twice is harmless: only the first claim counts.</summary>
internal interface IJobDelivery
{
    /// <summary>Delivers jobs whose rows say that they wait.</summary>
    Task DeliverAsync(IReadOnlyCollection<JobDelivery> jobs, CancellationToken cancellationToken);
}
