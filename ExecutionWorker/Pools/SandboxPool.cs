using System.Collections.Concurrent;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>Started sandboxes of one language. Each is used once.</summary>
internal sealed class SandboxPool(Language language, int size, SandboxFactory factory, SandboxRemover remover, TimeProvider time)
{
    private readonly ConcurrentQueue<Sandbox> _ready = new();

    public Language Language { get; } = language;

    /// <summary>How many shall be ready.</summary>
    public int Size { get; } = size;

    public int Ready => _ready.Count;

    /// <summary>A ready sandbox, or one that is started now.</summary>
    public async Task<Sandbox> TakeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (_ready.TryDequeue(out var waiting))
        {
            if (waiting.IsAlive)
            {
                Telemetry.RecordTake(Language.Id, hit: true, time.GetElapsedTime(began));
                return waiting;
            }

            remover.Remove(waiting);
        }

        var started = await factory.StartAsync(Language, cancellationToken);
        Telemetry.RecordTake(Language.Id, hit: false, time.GetElapsedTime(began));
        return started;
    }

    /// <summary>Starts one more and keeps it.</summary>
    public async Task AddAsync(CancellationToken cancellationToken) => _ready.Enqueue(await factory.StartAsync(Language, cancellationToken));

    /// <summary>Removes those that broke while they waited.</summary>
    public void DropBroken()
    {
        for (var left = _ready.Count; left > 0 && _ready.TryDequeue(out var sandbox); left--)
        {
            if (sandbox.IsAlive) _ready.Enqueue(sandbox);
            else remover.Remove(sandbox);
        }
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        while (_ready.TryDequeue(out var sandbox)) remover.Remove(sandbox);
    }
}
