using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Nothing to do: the statement that made a job wait has notified the workers.</summary>
internal sealed class NotifiedDelivery : IJobDelivery
{
    public Task DeliverAsync(IReadOnlyCollection<JobDelivery> jobs, CancellationToken cancellationToken) => Task.CompletedTask;
}
