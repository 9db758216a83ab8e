using System.Collections.Concurrent;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>The containers that this process has in its hands: being started, ready, running or being removed.</summary>
internal sealed class SandboxRegistry
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    public void Add(string containerId) => _known[containerId] = true;

    public void Forget(string containerId) => _known.TryRemove(containerId, out _);

    public bool Knows(string containerId) => _known.ContainsKey(containerId);
}
