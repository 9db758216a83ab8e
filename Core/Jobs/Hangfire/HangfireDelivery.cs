using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Hangfire;

/// <summary>Hands jobs to Hangfire.</summary>
internal sealed class HangfireDelivery(JobStorage storage) : IJobDelivery
{
    private readonly BackgroundJobClient _client = new(storage);

    // Hangfire's client blocks: not on the caller's thread.
    public Task DeliverAsync(IReadOnlyCollection<JobDelivery> jobs, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                foreach (var job in jobs)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Deliver(job);
                }
            },
            cancellationToken);

    /// <summary>How many jobs of a queue are with Hangfire and not yet with a worker.</summary>
    public long CountWaiting(string queue)
    {
        var monitoring = storage.GetMonitoringApi();
        return HangfireQueueNames.AllOf(queue).Sum(monitoring.EnqueuedCount);
    }

    private void Deliver(JobDelivery delivery)
    {
        var queue = HangfireQueueNames.Of(delivery.Queue, delivery.Priority);
        // Hangfire gives the method its own token.
        var job = Job.FromExpression<HangfireJobRunner>(
            runner => runner.RunAsync(delivery.Type, delivery.Id, CancellationToken.None), queue);
        IState state = delivery.Delay > TimeSpan.Zero ? new ScheduledState(delivery.Delay) : new EnqueuedState(queue);
        _client.Create(job, state);
    }
}
