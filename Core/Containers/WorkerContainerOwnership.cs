namespace Platform.Core.Containers;

/// <summary>What a process made belongs to it: an orphan is what a dead process of this machine made.</summary>
internal sealed class WorkerContainerOwnership(WorkerIdentity identity) : IContainerOwnership
{
    public ValueTask<bool> IsOrphanAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        ValueTask.FromResult(labels.TryGetValue(ContainerLabels.Worker, out var worker) && identity.IsDead(worker));
}
