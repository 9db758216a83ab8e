using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Outbox;

/// <summary>Adds rows to the unit of work of the scope.</summary>
internal sealed class JobOutbox(PlatformDbContext database, OutboxRelay relay, TimeProvider time) : IJobOutbox
{
    public Guid Add<TJob>(TJob job, EnqueueOptions? options = null)
        where TJob : IJob
    {
        var placed = PlacedJob.From(job, options);
        var now = time.GetUtcNow();
        database.OutboxJobs.Add(new OutboxJob
        {
            Id = placed.Id,
            Type = placed.Type,
            Queue = placed.Queue,
            Payload = placed.Payload,
            Priority = (short)placed.Priority,
            MaxAttempts = placed.MaxAttempts,
            NotBefore = now + placed.Delay,
            FairnessKey = placed.FairnessKey,
            TraceParent = placed.TraceParent,
            CreatedAt = now,
        });
        return placed.Id;
    }

    public Task RelayAsync(CancellationToken cancellationToken) => relay.TryRelayAsync(cancellationToken);
}
