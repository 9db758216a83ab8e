namespace Platform.Core.Containers;

/// <summary>Tells whether something on the engine still belongs to a living worker. A worker that knows more than its process does (leases of jobs) implements its own.</summary>
public interface IContainerOwnership
{
    /// <summary>Whether nobody needs it any more.</summary>
    /// <param name="labels">Its labels; <see cref="ContainerLabels.Platform"/> is this platform's.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    ValueTask<bool> IsOrphanAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);
}
